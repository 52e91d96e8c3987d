"""Makes the calls of a JSON file on an endpoint and prints what each answered, as JSON."""
import base64
import datetime
import json
import re
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, ParamValidationError


def plain(value):
    if isinstance(value, dict):
        return {key: plain(member) for key, member in value.items() if key != "ResponseMetadata"}
    if isinstance(value, list):
        return [plain(member) for member in value]
    if isinstance(value, datetime.datetime):
        return {"date": value.timestamp()}
    if isinstance(value, bytes):
        return {"bytes": base64.b64encode(value).decode()}
    if hasattr(value, "read"):
        return {"bytes": base64.b64encode(value.read()).decode()}
    return value


def filled(value, answers):
    if isinstance(value, dict):
        return {key: filled(member, answers) for key, member in value.items()}
    if isinstance(value, list):
        return [filled(member, answers) for member in value]
    if isinstance(value, str):
        whole = re.fullmatch(r"\$\{([^}]+)\}", value)
        if whole:
            return found(whole[1], answers)
        return re.sub(r"\$\{([^}]+)\}", lambda match: str(found(match[1], answers)), value)
    return value


def found(path, answers):
    name, *members = path.split(".")
    value = answers[name].get("answer", {})
    for member in members:
        value = value[int(member)] if isinstance(value, list) else value[member]
    return value


def main(file, endpoint):
    with open(file, encoding="utf-8") as opened:
        calls = json.load(opened)
    answers = {}
    clients = {}
    for call in calls:
        service = call["service"]
        if service not in clients:
            clients[service] = boto3.client(
                service,
                endpoint_url=endpoint,
                region_name="eu-west-1",
                aws_access_key_id="operator",
                aws_secret_access_key="simulated",
                config=Config(retries={"total_max_attempts": 1}),
            )
        method = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", call["operation"]).lower()
        try:
            answer = getattr(clients[service], method)(**filled(call.get("input", {}), answers))
            answers[call["name"]] = {"answer": plain(answer)}
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            answers[call["name"]] = {"error": error.response["Error"]["Code"], "status": status}
        except ParamValidationError as error:
            answers[call["name"]] = {"error": "ParamValidationError", "message": str(error)}
        except (KeyError, IndexError) as error:
            answers[call["name"]] = {"error": "no value for " + str(error)}
    json.dump(answers, sys.stdout)


main(*sys.argv[1:])
