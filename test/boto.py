"""Makes the calls that it reads, one line of JSON each, with boto3; prints the answers, one line each."""

import base64
import datetime
import json
import sys

import boto3
import botocore.config
import botocore.exceptions

endpoint = sys.argv[1]
config = botocore.config.Config(retries={"total_max_attempts": 1})


def plain(value):
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).isoformat()
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode()}
    raise TypeError(type(value))


def with_bytes(fields):
    return base64.b64decode(fields["base64"]) if list(fields) == ["base64"] else fields


def client_for(asked):
    keys = asked["keys"]
    return boto3.client(
        asked["service"],
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id=keys["accessKeyId"],
        aws_secret_access_key=keys["secretAccessKey"],
        aws_session_token=keys.get("sessionToken"),
        config=config,
    )


def call(asked):
    client = client_for(asked)
    method = next(name for name, operation in client.meta.method_to_api_mapping.items() if operation == asked["operation"])
    try:
        output = getattr(client, method)(**asked["input"])
        del output["ResponseMetadata"]
        return {"output": output}
    except botocore.exceptions.ClientError as error:
        return {"error": f"{error.response['Error']['Code']}: {error.response['Error']['Message']}"}


for line in sys.stdin:
    print(json.dumps(call(json.loads(line, object_hook=with_bytes)), default=plain), flush=True)
