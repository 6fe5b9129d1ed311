"""Signs requests with botocore, for sigv4-signers.test.ts: one JSON request a line in, one signed request a line out."""

import base64
import json
import sys

from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

SIGNERS = {
    (False, False): auth.SigV4Auth,
    (False, True): auth.SigV4QueryAuth,
    (True, False): auth.S3SigV4Auth,
    (True, True): auth.S3SigV4QueryAuth,
}

for line in sys.stdin:
    wanted = json.loads(line)
    credentials = Credentials(wanted["keyId"], wanted["secret"], wanted.get("token"))
    signer = SIGNERS[wanted["service"] == "s3", wanted["presign"]]
    request = AWSRequest(
        method=wanted["method"],
        url=wanted["url"],
        headers=dict(wanted["headers"]),
        data=base64.b64decode(wanted["body"]),
    )
    signer(credentials, wanted["service"], wanted["region"]).add_auth(request)
    signed = request.prepare()
    headers = [
        [name, value.decode() if isinstance(value, bytes) else str(value)]
        for name, value in signed.headers.items()
    ]
    print(json.dumps({"url": signed.url, "headers": headers}))
