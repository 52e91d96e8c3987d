"""Reads a secret through AWS's caching client for Python; each line of input is a step, each line of output an answer."""
import json
import sys

import boto3
from aws_secretsmanager_caching import SecretCache, SecretCacheConfig
from botocore.config import Config
from botocore.exceptions import ClientError

endpoint, refresh = sys.argv[1:]
client = boto3.client(
    "secretsmanager",
    endpoint_url=endpoint,
    region_name="eu-west-1",
    aws_access_key_id="operator",
    aws_secret_access_key="simulated",
    config=Config(retries={"total_max_attempts": 1}),
)
cache = SecretCache(config=SecretCacheConfig(secret_refresh_interval=float(refresh)), client=client)

for line in sys.stdin:
    step = json.loads(line)
    try:
        if "refresh" in step:
            answer = cache.refresh_secret_now(step["refresh"])
        else:
            answer = cache.get_secret_string(step["get"], version_stage=step.get("stage"))
    except ClientError as error:
        answer = {"error": error.response["Error"]["Code"]}
    print(json.dumps(answer), flush=True)
