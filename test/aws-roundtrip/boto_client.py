"""Makes the calls that it reads, one line of JSON each, with the vendor's client for Python; prints what that made of the answers."""

import base64
import datetime
import json
import sys

import boto3
import botocore.config
import botocore.exceptions
import botocore.response

endpoint = sys.argv[1]
config = botocore.config.Config(
    retries={"total_max_attempts": 1},
    s3={"addressing_style": "path"},
    inject_host_prefix=False,
)


def plain(value):
    """What JSON cannot say, as text."""
    if isinstance(value, botocore.response.StreamingBody):
        value = value.read()
    if isinstance(value, (bytes, bytearray)):
        return {"bytes": base64.b64encode(value).decode()}
    if isinstance(value, datetime.datetime):
        return {"time": value.astimezone(datetime.timezone.utc).isoformat()}
    raise TypeError(type(value))


def call(asked):
    client = boto3.client(
        asked["service"],
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id=asked.get("accessKeyId", "AKIAEXAMPLE"),
        aws_secret_access_key=asked.get("secretAccessKey", "secret"),
        config=config,
    )
    parameters = {name: from_json(value) for name, value in asked["parameters"].items()}
    try:
        answer = getattr(client, asked["method"])(**parameters)
        del answer["ResponseMetadata"]
        return {"output": answer}
    except botocore.exceptions.ClientError as error:
        response = error.response
        return {
            "error": response["Error"],
            "class": type(error).__name__,
            "status": response["ResponseMetadata"]["HTTPStatusCode"],
            "requestId": response["ResponseMetadata"].get("RequestId"),
        }


def from_json(value):
    return base64.b64decode(value["bytes"]) if isinstance(value, dict) and "bytes" in value else value


for line in sys.stdin:
    print(json.dumps(call(json.loads(line)), default=plain), flush=True)
