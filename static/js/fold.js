/**
 * What two spellings of one word have in common, over French, Arabic, Tifinagh and typed Darija.
 * Twin of companion/catalogue/fold.py, where the three steps (plain, words, skeletons) are explained.
 */

/** {written: meant} of `meant=written,written …`. @param {string} rules */
function table(rules) {
  const pairs = rules.split(" ").map((rule) => rule.split("="));
  return new Map(pairs.flatMap(([meant, spellings]) => spellings.split(",").map((spelling) => [spelling, meant])));
}

const PLAIN = table(
  "0=٠,۰ 1=١,۱ 2=٢,۲ 3=٣,۳ 4=٤,۴ 5=٥,۵ 6=٦,۶ 7=٧,۷ 8=٨,۸ 9=٩,۹ " +
    "oe=œ ae=æ ss=ß o=ø d=đ l=ł i=ı σ=ς gh=ɣ 3=ɛ '=’,‘,ʼ,ʻ,ʾ,ʿ,\u0060 " +
    "ه=ة,ہ,ھ,ە ي=ى,ی,ې,ێ,ے ا=ٱ ك=ک,گ,ڭ,ڨ,ݣ,ݢ,ڪ,ڬ ب=پ ف=ڤ,ڢ,ڥ,ڡ,ڣ ق=ڧ,ٯ ش=چ,ڜ ز=ژ,ڞ و=ۆ,ۋ =ء,ـ",
);
const TIFINAGH = table(
  "a=ⴰ b=ⴱ,ⴲ g=ⴳ,ⴴ dj=ⴵ,ⴶ d=ⴷ,ⴸ,ⴹ,ⴺ e=ⴻ f=ⴼ k=ⴽ,ⴾ,ⴿ h=ⵀ,ⵁ,ⵂ,ⵃ 3=ⵄ kh=ⵅ,ⵆ q=ⵇ,ⵈ i=ⵉ,ⵢ j=ⵊ,ⵋ,ⵌ l=ⵍ " +
    "m=ⵎ n=ⵏ gn=ⵐ ng=ⵑ p=ⵒ u=ⵓ,ⵡ r=ⵔ,ⵕ gh=ⵖ,ⵗ,ⵘ s=ⵙ,ⵚ ch=ⵛ,ⵞ t=ⵜ,ⵝ,ⵟ v=ⵠ z=ⵣ,ⵤ,ⵥ o=ⵧ",
);
const LATIN_SOUNDS = table(
  "x=kh,5,x g=gh,8 c=ch,sh f=ph,f,v t=th,t,6 d=dh,d j=dj,j b=b,p h=h,7 k=c,k,q,qu,g,gu,9 " +
    "r=r z=z s=s se=ce si=ci l=l m=m n=n a=a e=e,2,3 i=i,y u=o,u,w",
);
const ARABIC_SOUNDS = table(
  "b=ب t=ت,ط,ث j=ج h=ح,ه x=خ d=د,ذ,ض,ظ r=ر z=ز s=س,ص c=ش g=غ f=ف k=ق,ك l=ل m=م n=ن a=ا e=ع i=ي u=و",
);

const WRITTEN = new RegExp(`[${[...PLAIN.keys()].join("")}]`, "g");
const GAPS = /[^\p{L}\p{N}']|[\u{10000}-\u{10FFFF}]/gu;
const DOUBLED = /([a-zⴰ-ⵧ])\1+/g;
const ARTICLE = /^(?:[وف]?(?:[بك]?ال|لل))+(?=..)/;
const LATIN_WORD = /^[a-z0-9]*[a-z][a-z0-9]*$/;
const ARABIC_WORD = /^[ا-ي]+$/;
const LATIN_UNIT = /[kgcspdt]h|dj|[gq]u(?=[ei])|c[ei]|[a-z0-9]/g;
const LATIN_ARTICLE = /^[ae]?l(?=[^aeiou]|[iu][aeiou])/;

/**
 * Lower-case words with one space between, without accents or vowel marks; apostrophes in words stay.
 * @param {string} text
 */
export function plain(text) {
  const letters = text.normalize("NFKD").toLowerCase().replace(/[\p{Mn}\p{Cf}]/gu, "");
  return letters.replace(WRITTEN, (letter) => PLAIN.get(letter)).replace(GAPS, " ").split(" ").filter(Boolean).join(" ");
}

/** Tifinagh letters as Latin ones. @param {string} text */
export const latin = (text) => text.replace(/[ⴰ-ⵧ]/g, (letter) => TIFINAGH.get(letter) ?? letter);

/** The words of any text, each in the spelling they are compared by. @param {string} text */
export function words(text) {
  return plain(text).split(/[ ']/).map(spell).filter(Boolean);
}

/** `words` as one text; folding it again changes nothing. @param {string} text */
export const fold = (text) => words(text).join(" ");

/** @param {string} letters */
function spell(letters) {
  const word = latin(letters.replace(DOUBLED, "$1")).replaceAll("w", "u").replaceAll("y", "i");
  return word.replace(/[ou]*u/g, "u").replace(DOUBLED, "$1").replace(ARTICLE, "");
}

/** A folded word without the plural French writes and does not say; three letters stay. @param {string} word */
export const stem = (word) => word.replace(/^(.{3,}?)[sx]+$/, "$1");

/**
 * Keys under which a folded word meets its spellings in other scripts; a dot marks one of two consonants.
 * @param {string} word @returns {string[]}
 */
export function skeletons(word) {
  if (ARABIC_WORD.test(word)) return keys(sound(word), false);
  if (!LATIN_WORD.test(word)) return [];
  const told = consonants(sound(word)).length < 4 ? stem(word) : word;
  const bare = told.replace(LATIN_ARTICLE, "");
  const found = keys(sound(told), true);
  return bare === told ? found : [...new Set([...found, ...keys(sound(bare), true)])];
}

/** Consonants of a folded word with the i and u between them, which writers leave out less. @param {string} word */
export const outline = (word) => sound(word).replace(/[ae]/g, "").replace(/^[iu]+|[iu]+$/g, "");

/** The word in one alphabet. @param {string} word */
function sound(word) {
  if (!ARABIC_WORD.test(word)) return word.replace(LATIN_UNIT, (unit) => LATIN_SOUNDS.get(unit) ?? "").replaceAll("mt", "nt");
  return word.replace(/(?<=..)ه$/, "").replace(/./g, (letter) => ARABIC_SOUNDS.get(letter) ?? letter);
}

const consonants = (spoken) => spoken.replace(/[aeiu]/g, "");
const long = (vowels) => [..."iu"].filter((vowel) => vowels.includes(vowel)).join("");

/** @param {string} spoken @param {boolean} isLatin */
function keys(spoken, isLatin) {
  const all = consonants(spoken);
  const lead = /^[aeiu]/.test(spoken) ? "a" : "";
  if (all.length > 2) return lead ? [lead + all, all] : [all];
  if (all.length < 2) return [];
  const [first, last] = all;
  const between = spoken.slice(spoken.indexOf(first) + 1, spoken.lastIndexOf(last));
  const after = long(spoken.slice(spoken.lastIndexOf(last) + 1));
  const key = `${lead}${first}${long(between) || (between.includes("a") ? "a" : "")}.${last}${after}`;
  return isLatin && /^[au]$/.test(between) ? [key, `${lead}${first}.${last}${after}`] : [key];
}
