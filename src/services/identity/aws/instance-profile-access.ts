/** What can be asked of instance profiles. */
import { awsActions, resource } from '../../../access.ts';
import { nameWithoutPath } from '../../../policy/names.ts';
import { awsFault } from '../../../wire/aws/fault.ts';
import { byName, tagContext } from './access.ts';
import { IAM, type InstanceProfileDocument, instanceProfileRef, instanceProfiles } from './documents.ts';

export const InstanceProfile = resource<InstanceProfileDocument>()(
  'aws-instance-profile',
  {
    collection: instanceProfiles,
    documentId: byName,
    refOf: ({ account, value }) => instanceProfileRef(account, value.path, value.name),
    attributes: (_ref, value) => tagContext(value?.tags, IAM),
    absent: (ref) => awsFault('NoSuchEntity', `Instance Profile ${nameWithoutPath(ref.id)} cannot be found.`),
    taken: (ref) => awsFault('EntityAlreadyExists', `Instance Profile ${nameWithoutPath(ref.id)} already exists.`),
  },
  {
    ...awsActions(IAM, 'write', [
      'CreateInstanceProfile',
      'DeleteInstanceProfile',
      'AddRoleToInstanceProfile',
      'RemoveRoleFromInstanceProfile',
      'TagInstanceProfile',
      'UntagInstanceProfile',
    ]),
    ...awsActions(IAM, 'read', ['GetInstanceProfile']),
    ...awsActions(IAM, 'list', ['ListInstanceProfileTags']),
  },
);
