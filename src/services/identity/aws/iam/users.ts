/** The API's operations about users. */
import type * as Iam from '@aws-sdk/client-iam';
import type { Answered } from '../../../../wire/aws/face.ts';

export const userOperations = {} satisfies Answered<typeof Iam>;
