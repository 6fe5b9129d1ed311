"""Every operation of CloudWatch Logs that the plane answers, once, through boto3. Prints what each answered as JSON."""

import json
import sys
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

endpoint, access_key, secret_key, kms_key = sys.argv[1:5]
logs = boto3.client(
    "logs",
    endpoint_url=endpoint,
    region_name="us-east-1",
    aws_access_key_id=access_key,
    aws_secret_access_key=secret_key,
    config=Config(retries={"max_attempts": 0}),
)
group, stream, now = "boto/group", "boto stream", int(time.time() * 1000)
seen = {}


def call(operation, **parameters):
    answer = getattr(logs, operation)(**parameters)
    seen[operation] = {name: value for name, value in answer.items() if name != "ResponseMetadata"}
    return answer


call("create_log_group", logGroupName=group, kmsKeyId=kms_key, tags={"team": "x"})
arn = call("describe_log_groups", logGroupNamePrefix=group)["logGroups"][0]["logGroupArn"]
call("disassociate_kms_key", logGroupName=group)
call("associate_kms_key", resourceIdentifier=arn, kmsKeyId=kms_key)
call("create_log_stream", logGroupName=group, logStreamName=stream)
events = [{"timestamp": now + n, "message": f"message {n} ✓"} for n in range(3)]
call("put_log_events", logGroupName=group, logStreamName=stream, logEvents=events)
call("describe_log_streams", logGroupIdentifier=arn, orderBy="LastEventTime")
call("get_log_events", logGroupName=group, logStreamName=stream, startFromHead=True)
call("put_retention_policy", logGroupName=group, retentionInDays=30)
call("delete_retention_policy", logGroupName=group)
call("tag_resource", resourceArn=arn, tags={"cost": "1"})
call("untag_resource", resourceArn=arn, tagKeys=["team"])
call("list_tags_for_resource", resourceArn=arn)
call("delete_log_stream", logGroupName=group, logStreamName=stream)
call("delete_log_group", logGroupName=group)
try:
    logs.get_log_events(logGroupName=group, logStreamName=stream)
except logs.exceptions.ResourceNotFoundException as error:
    seen["error"] = error.response["Error"]
except ClientError as error:
    seen["error"] = {"other": str(error)}
print(json.dumps({"now": now, "seen": seen}))
