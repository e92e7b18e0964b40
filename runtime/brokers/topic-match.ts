/**
 * Whether a topic binding takes a routing key, as AMQP 0-9-1 defines it: words separated by dots, `*` stands for exactly one word, `#` for any number
 * of words, none included. The empty key has no words.
 */
export function topicMatches(pattern: string, key: string): boolean {
  return topicMatcher(pattern)(key);
}

/** The same for one pattern and many keys. Takes O(words of the pattern x words of the key), whatever the pattern. */
export function topicMatcher(pattern: string): (key: string) => boolean {
  const wanted = words(pattern);
  if (wanted.every((word) => word !== '*' && word !== '#')) return (key) => key === pattern;
  return (key) => matches(wanted, words(key));
}

/** Only the last `#` is ever reconsidered: an earlier one could not make room for more than the last one can. */
function matches(wanted: readonly string[], given: readonly string[]): boolean {
  let at = 0;
  let word = 0;
  let lastHash = -1;
  let resume = 0;
  while (word < given.length) {
    if (wanted[at] === '#') {
      lastHash = at++;
      resume = word;
    } else if (at < wanted.length && (wanted[at] === '*' || wanted[at] === given[word])) {
      at++;
      word++;
    } else if (lastHash >= 0) {
      at = lastHash + 1;
      word = ++resume;
    } else {
      return false;
    }
  }
  while (wanted[at] === '#') at++;
  return at === wanted.length;
}

function words(text: string): readonly string[] {
  return text === '' ? [] : text.split('.');
}
