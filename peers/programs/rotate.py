"""A rotation function in Python, for the Lambda Runtime Interface Emulator; SecretId decides how it fails."""
import json
import os
import secrets
import sys
import time

import boto3


def handler(event, _context):
    client = boto3.client("secretsmanager", endpoint_url=os.environ["ENDPOINT"], region_name="eu-west-1")
    arn, token, step = event["SecretId"], event["ClientRequestToken"], event["Step"]
    if step == "setSecret" and "raises" in arn:
        raise ValueError("the target refused the login")
    if step == "setSecret" and "exits" in arn:
        sys.exit(3)
    if step == "setSecret" and "hangs" in arn:
        time.sleep(60)
    if step == "createSecret":
        try:
            client.get_secret_value(SecretId=arn, VersionId=token, VersionStage="AWSPENDING")
        except client.exceptions.ResourceNotFoundException:
            value = json.dumps({"username": "app", "password": secrets.token_urlsafe(12)})
            client.put_secret_value(
                SecretId=arn, ClientRequestToken=token, SecretString=value, VersionStages=["AWSPENDING"]
            )
    if step == "testSecret":
        client.get_secret_value(SecretId=arn, VersionId=token, VersionStage="AWSPENDING")
    if step == "finishSecret":
        stages = client.describe_secret(SecretId=arn)["VersionIdsToStages"]
        current = next((version for version in stages if "AWSCURRENT" in stages[version]), None)
        if current != token:
            client.update_secret_version_stage(
                SecretId=arn, VersionStage="AWSCURRENT", MoveToVersionId=token, RemoveFromVersionId=current
            )
    return None
