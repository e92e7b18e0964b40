const HEX = '[0-9a-fA-F]';
const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const LABEL = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?';
const POINTER = '(?:/(?:[^~/]|~[01])*)*';

/** Years that have a 29 February: of the last two digits, and of the first two where the last are 00. */
const FOURTHS = '(?:0[48]|[2468][048]|[13579][26])';
const MONTH_AND_DAY =
  '(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|02-(?:0[1-9]|1\\d|2[0-8]))';

const patterns: ReadonlyMap<string, string> = new Map([
  ['date', `^(?:\\d{4}-${MONTH_AND_DAY}|(?:\\d\\d${FOURTHS}|(?:00|${FOURTHS})00)-02-29)$`],
  ['uuid', `^(?:[uU][rR][nN]:[uU][uU][iI][dD]:)?${HEX}{8}-(?:${HEX}{4}-){3}${HEX}{12}$`],
  ['ipv4', `^(?:${OCTET}\\.){3}${OCTET}$`],
  ['hostname', `^(?=.{1,253}\\.?$)${LABEL}(?:\\.${LABEL})*\\.?$`],
  ['json-pointer', `^${POINTER}$`],
  ['relative-json-pointer', `^(?:0|[1-9][0-9]*)(?:#|${POINTER})$`],
  ['duration', '^P(?!$)(?:(?:\\d+Y)?(?:\\d+M)?(?:\\d+D)?(?:T(?=\\d)(?:\\d+H)?(?:\\d+M)?(?:\\d+S)?)?|(?:\\d+W)?)$'],
]);

/** The pattern whose texts are exactly those that the validator lets pass under `format`; undefined for formats that are no regular language, or that nobody has written down here. */
export function patternOfFormat(name: string): string | undefined {
  return patterns.get(name);
}
