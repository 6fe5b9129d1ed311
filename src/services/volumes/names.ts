/** Names of volumes: checked, and made up for volumes that are given none. */
import { volumeFault } from './faults.ts';

const WORDS = `acorn amber anchor apron arch aspen badge bamboo barn basket beacon birch blanket bonnet bridge bronze
   cabin candle canvas cedar cellar cherry clover cobalt comet copper cotton cradle crayon curtain daisy dapple
   drum eagle ember fable falcon feather fern fiddle flint garden ginger glacier granite harbor hazel heron
   hollow honey indigo island ivory jasmine juniper kettle lagoon lantern lemon linen maple marble meadow mitten`
  .trim()
  .split(/\s+/);

/** A name as the vendor makes them up: four words. The same id gives the same name. */
export function madeUpName(uuid: string): string {
  const bytes = Buffer.from(uuid.replaceAll('-', ''), 'hex');
  return [0, 1, 2, 3].map((at) => WORDS[bytes.readUInt16BE(at * 2) % WORDS.length]).join('-');
}

/** Throws `invalid` for what cannot be a volume's name. https://cloud.ibm.com/docs/vpc?topic=vpc-rias-error-messages#volume-name-invalid */
export function checkName(name: string): string {
  if (name.length <= 63 && /^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name)) return name;
  const rule =
    'a name has up to 63 lower-case letters, digits and hyphens, begins with a letter and does not end with a hyphen';
  throw volumeFault('name-invalid', `\`${name.slice(0, 80)}\`: ${rule}`, 'name');
}

/** Throws `invalid` for what cannot be a user tag. */
export function checkTags(tags: readonly string[]): readonly string[] {
  const wrong = tags.find((tag) => !/^[A-Za-z0-9:_ .-]{1,128}$/.test(tag));
  if (wrong === undefined) return [...new Set(tags)];
  const rule = 'a tag has 1 to 128 letters, digits, spaces and `: _ . -`';
  throw volumeFault('tag-invalid', `\`${wrong.slice(0, 140)}\`: ${rule}`, 'user_tags');
}
