"""Every operation of STS by boto3; prints what of each answer shows that it was read."""
import base64
import json
import sys

import boto3
from botocore.exceptions import ClientError

endpoint, key, secret, account, member = sys.argv[1:]


def client(service, credentials=None):
    given = credentials or {"AccessKeyId": key, "SecretAccessKey": secret}
    return boto3.client(
        service,
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given.get("SessionToken"),
    )


def refused(call, **parameters):
    try:
        call(**parameters)
    except ClientError as error:
        return error.response
    raise SystemExit(f"{call.__name__} was not refused")


def who(credentials):
    return client("sts", credentials).get_caller_identity()["Arn"]


iam = client("iam")
sts = client("sts")
trust = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": account}, "Action": "sts:AssumeRole"}],
}
role = iam.create_role(RoleName="boto", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
iam.enable_outbound_web_identity_federation()
task = {"arn": "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"}
missing = refused(sts.assume_role, RoleArn=role + "-missing", RoleSessionName="python")
message = missing["ResponseMetadata"]["RequestId"]
federated = sts.get_federation_token(Name="python")
token = sts.get_web_identity_token(Audience=["there"], SigningAlgorithm="RS256")["WebIdentityToken"]
saml = {
    "RoleArn": role,
    "PrincipalArn": f"arn:aws:iam::{account}:saml-provider/missing",
    "SAMLAssertion": base64.b64encode(b"<Response/>").decode(),
}
web = {"RoleArn": role, "RoleSessionName": "python", "WebIdentityToken": token}
print(
    json.dumps(
        {
            "AssumeRole": who(sts.assume_role(RoleArn=role, RoleSessionName="python")["Credentials"]),
            "AssumeRoleWithSAML": refused(sts.assume_role_with_saml, **saml)["Error"]["Code"],
            "AssumeRoleWithWebIdentity": refused(sts.assume_role_with_web_identity, **web)["Error"]["Code"],
            "AssumeRoot": who(sts.assume_root(TargetPrincipal=member, TaskPolicyArn=task)["Credentials"]),
            "DecodeAuthorizationMessage": json.loads(
                sts.decode_authorization_message(EncodedMessage=message)["DecodedMessage"]
            )["context"]["action"],
            "GetAccessKeyInfo": sts.get_access_key_info(AccessKeyId=key)["Account"],
            "GetCallerIdentity": sts.get_caller_identity()["Arn"],
            "GetDelegatedAccessToken": refused(sts.get_delegated_access_token, TradeInToken="token")["Error"]["Code"],
            "GetFederationToken": who(federated["Credentials"]),
            "GetSessionToken": who(sts.get_session_token()["Credentials"]),
            "GetWebIdentityToken": len(token.split(".")),
        }
    )
)
