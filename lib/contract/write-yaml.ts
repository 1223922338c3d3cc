import { Document, Scalar, visit } from 'yaml';

/**
 * A document of YAML that readers of 1.1, such as PyYAML, and of 1.2 take alike: a text that either would take for a
 * date, a number or a truth is quoted.
 */
export const yamlDocument = (value: unknown): Document =>
  new Document(value, {
    schema: 'yaml-1.1',
    aliasDuplicateObjects: false,
    // The text `<<` is text, even as a key.
    customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || tag.tag !== 'tag:yaml.org,2002:merge'),
  });

export const writeYaml = (value: unknown): string => printYaml(yamlDocument(value), 120);

/** @param lineWidth where long texts are folded; 0 for nowhere */
export function printYaml(document: Document, lineWidth: number): string {
  visit(document, {
    Scalar: (_, node) => {
      if (typeof node.value === 'string' && MISREAD.test(node.value)) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return document.toString({ lineWidth }).replace(UNPRINTED, escaped);
}

/** Words that the schema leaves bare and a reader does not, a tab that PyYAML takes for no space, and what is escaped. */
const MISREAD = /^(?:=|<<|[-+]?0o[0-7]+)$|[\t\r\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/;
/** Line breaks to the one reader and text to the other, or refused by one; between double quotes they may be escaped. */
const UNPRINTED = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
