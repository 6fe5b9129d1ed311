import { PLATFORM, ROLES_PAGE, SERVICE, type ServiceEntry, VIEW } from './entry.ts';

const o = (verbs: string): string => words('cloud-object-storage.object.', verbs);
const b = (verbs: string): string => words('cloud-object-storage.bucket.', verbs);
const words = (prefix: string, verbs: string): string =>
  verbs
    .trim()
    .split(/\s+/)
    .map((verb) => prefix + verb)
    .join(' ');

export const storageServices: readonly ServiceEntry[] = [
  {
    name: 'cloud-object-storage',
    known_as: ['Cloud Object Storage', 'Object Storage', 'COS'],
    type: 'service',
    source: `${ROLES_PAGE}#cloud-object-storage-roles`,
    roles: [...PLATFORM, ...SERVICE],
    own_roles: [
      { id: 'ContentReader', name: 'Content Reader', description: 'Reads and lists objects' },
      { id: 'ObjectReader', name: 'Object Reader', description: 'Reads objects' },
      { id: 'ObjectWriter', name: 'Object Writer', description: 'Writes objects' },
      { id: 'NotificationsManager', name: 'Notifications Manager', description: 'Manages notifications of buckets' },
      { id: 'BackupManager', name: 'Backup Manager', description: 'Manages backup vaults' },
      { id: 'BackupReader', name: 'Backup Reader', description: 'Reads backup vaults' },
    ],
    instances: true,
    attributes: ['path', 'prefix', 'delimiter'],
    grants: [
      ['Manager NotificationsManager Reader Writer', 'cloud-object-storage.account.get_account_buckets'],
      ['ContentReader Manager Reader Writer', b('get head get_versions')],
      ['ContentReader Manager NotificationsManager Reader Writer', b('get_location')],
      ['Manager NotificationsManager Reader Writer', b('get_basic')],
      [
        'Manager Reader Writer',
        b(`get_uploads get_cors get_website get_versioning get_object_lock_configuration get_fasp_connection_info
           get_lifecycle get_activity_tracking get_metrics_monitoring get_protection list_bucket_crn get_replication
           get_backup_policy`),
      ],
      [
        'Manager Writer',
        b(`put_bucket post_bucket delete_bucket list_crk_id put_cors delete_cors put_website delete_website
           put_versioning put_object_lock_configuration put_lifecycle put_activity_tracking put_metrics_monitoring
           get_quota put_replication delete_replication put_backup_policy delete_backup_policy restore_sync`),
      ],
      [
        'Manager',
        b(`get_acl put_acl put_protection put_firewall get_firewall put_public_access_block
           delete_public_access_block get_public_access_block put_quota`),
      ],
      ['NotificationsManager', b('get_notifications put_notifications')],
      [
        'ContentReader Manager ObjectReader Reader Writer',
        o('get head get_version head_version copy_get_version copy_part_get_version'),
      ],
      [
        'Manager ObjectWriter Writer',
        o(`put post post_md post_initiate_upload put_part post_complete_upload delete_upload put_tagging
           put_tagging_version delete_tagging delete_tagging_version put_object_lock_retention
           put_object_lock_retention_version put_object_lock_legal_hold put_object_lock_legal_hold_version`),
      ],
      ['Manager ObjectWriter Reader Writer', o('get_uploads')],
      [
        'Manager Reader Writer',
        o(`copy_get copy_part_get get_tagging get_tagging_version get_legal_hold get_object_lock_retention
           get_object_lock_retention_version get_object_lock_legal_hold get_object_lock_legal_hold_version`),
      ],
      [
        'Manager Writer',
        o(`copy copy_part delete delete_version restore restore_version post_multi_delete post_legal_hold
           post_extend_retention`),
      ],
      ['Manager', o('get_acl get_acl_version put_acl put_acl_version')],
      ['BackupManager BackupReader Manager', 'cloud-object-storage.backup-vault.sync'],
      [
        'BackupManager BackupReader Manager Reader Writer',
        'cloud-object-storage.backup-vault.read cloud-object-storage.backup-vault.list',
      ],
      [
        'BackupManager Manager',
        'cloud-object-storage.backup-vault.create cloud-object-storage.backup-vault.update cloud-object-storage.backup-vault.delete',
      ],
      [VIEW, 'cloud-object-storage.dashboard.view'],
    ],
  },
];
