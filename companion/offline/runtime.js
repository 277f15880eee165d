// What the emitted templates call. Values are what JSON has; a missing member is `undefined`, Jinja's Undefined.
// Each function answers as Jinja, MarkupSafe and Python do, and throws where JavaScript could not answer the same.

/** Text that is HTML already, as markupsafe.Markup. */
class Markup {
  constructor(html) {
    this.html = html;
  }
}

/** The functions of the render under way, and the left side of the `and` or `or` being decided. */
let globals, $;

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;" };
const WORDS = new Map([[undefined, ""], [null, "None"], [true, "True"], [false, "False"]]);
const EDGES = /^[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+|[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/g;
const DICT = /^(__\w+__|clear|copy|fromkeys|get|items|keys|pop|popitem|setdefault|update|values)$/;

function fail(message) {
  throw new TypeError(message);
}

const markup = (html) => new Markup(html);
const isDict = (value) => typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Markup);
const plain = (value) => (value instanceof Markup ? value.html : value);

/** Python's str(). */
function str(value) {
  if (typeof value === "string") return value;
  if (value instanceof Markup) return value.html;
  if (WORDS.has(value)) return WORDS.get(value);
  return String(int(value));
}

/** `{{ value }}`. */
const show = (value) => (typeof value === "string" ? value.replace(/[&<>"']/g, (sign) => ENTITIES[sign]) : str(value));

/** An int to count or compare with; a bool is one. */
function int(value) {
  if (typeof value === "boolean") return +value;
  return Number.isSafeInteger(value) ? value : fail("templates print texts and whole numbers only");
}

/** Python's bool(): empty lists and dicts are false. */
const truth = (value) =>
  value instanceof Markup ? value.html !== "" : Array.isArray(value) ? value.length > 0 : isDict(value) ? Object.keys(value).length > 0 : !!value;

/** `value.a.b` */
const get = (value, ...names) => names.reduce(member, value);

/** `value.name` or `value["name"]`. */
function member(value, name) {
  if (value === null) return undefined;
  if (!isDict(value)) fail(`no member ${name} in ${value}`);
  if (Object.hasOwn(value, name)) return value[name];
  if (DICT.test(name)) fail(`${name} is a method of dict in Python`);
}

/** `value[key]` */
function item(value, key) {
  key = plain(key);
  if (Array.isArray(value)) return value.at(int(key));
  return typeof key === "string" || value === undefined ? member(value, key) : isDict(value) || value === null ? undefined : fail("no item of this");
}

/** `a == b` */
function same(a, b) {
  [a, b] = [a, b].map((value) => (typeof value === "boolean" ? +value : plain(value)));
  return typeof a === "object" && typeof b === "object" && a && b ? fail("lists and dicts are not compared") : a === b;
}

/** `needle in hay` */
function within(needle, hay) {
  hay = plain(hay);
  needle = plain(needle);
  if (typeof hay === "string") return typeof needle === "string" ? hay.includes(needle) : fail("only text is in text");
  if (isDict(hay)) return typeof needle === "string" && Object.hasOwn(hay, needle);
  return each(hay).some((value) => same(value, needle));
}

/** What `for` goes through. */
const each = (list) => (list === undefined ? [] : Array.isArray(list) ? list : fail("only lists are gone through"));

/** `dict.items()`; JavaScript would move keys that look like numbers to the front. */
const items = (dict) =>
  isDict(dict) && !Object.keys(dict).some((key) => /^\d+$/.test(key)) ? Object.entries(dict) : fail("items() is for dicts whose keys are names");

/** A list, or the code points of a text. */
const sequence = (value) => (typeof plain(value) === "string" ? [...plain(value)] : each(value));

/** `value|length` */
const length = (value) => (isDict(value) ? Object.keys(value) : sequence(value)).length;

/** `a ~ b`, and joining in general: HTML as soon as one of the parts is HTML. */
const concat = (list, glue = "") =>
  list.some((value) => value instanceof Markup) || glue instanceof Markup
    ? markup(list.map(show).join(show(glue)))
    : list.map(str).join(str(glue));

/** `value|replace(old, new)` */
function replace(value, old, by) {
  const html = [value, old, by].some((part) => part instanceof Markup);
  const result = (html ? show : str)(value).replaceAll(str(old) || fail("nothing to replace"), () => (html ? show : str)(by));
  return html ? markup(result) : result;
}

/** A filter that changes the text but not whether it is HTML. */
const mapped = (value, change) => (value instanceof Markup ? markup(change(value.html)) : change(str(value)));
const upper = (value) => mapped(value, (text) => text.toUpperCase());
const lower = (value) => mapped(value, (text) => text.toLowerCase());
const trim = (value) => mapped(value, (text) => text.replace(EDGES, ""));

/** `value|urlencode` */
const urlencode = (value) =>
  encodeURIComponent(str(value)).replace(/%2F/g, "/").replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt().toString(16).toUpperCase()}`);

/** A message with its holes filled; `values` are HTML. */
const fill = (message, values) =>
  message.replace(/%(?:\((\w+)\)s|%)/g, (hole, name) => (name ? values[name] ?? fail(`${message}: no ${name}`) : "%"));
const gettext = (message, values = {}) => fill(globals.gettext(message), values);
const ngettext = (one, many, num, values) => fill(globals.ngettext(one, many, int(num)), { num: show(num), ...values });

/** A copy of a context, with more names, for a template to be rendered in. */
function open(template, ...names) {
  const context = Object.assign(Object.create(null), ...names);
  context[""] = template.blocks;
  return context;
}

const draw = (template, ...names) => template.root(open(template, ...names));

/**
 * Render a template, as `environment.get_template(name).render(context)`.
 * @param {string} name like "visitors/home.html"
 * @param {object} context strings, whole numbers, booleans, null, lists and plain objects
 * @param {{gettext: function(string): string, ngettext: function(string, string, number): string, asset: function(string): string}} functions
 * @returns {string} HTML
 */
export function render(name, context, functions) {
  globals = functions;
  return draw(templates[name], context);
}

/**
 * Render one block alone, as `template.blocks[block](template.new_context(context))`.
 * @returns {string|undefined} HTML, or undefined when the template itself (not a parent) has no such block
 */
export function renderBlock(name, block, context, functions) {
  globals = functions;
  const template = templates[name];
  if (Object.hasOwn(template.blocks, block)) return template.blocks[block](open(template, context));
}
