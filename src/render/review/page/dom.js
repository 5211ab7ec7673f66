// The page's data, its words, and how elements are made: words of the document enter as text and in no other way.

const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);

/** A pattern with its {holes} filled; what is filled in is not looked at again. */
const fill = (pattern, parts = {}) => pattern.replace(/\{(\w+)\}/g, (hole, name) => (name in parts ? String(parts[name]) : hole));
const say = (name, parts) => fill(data.words[name] ?? name, parts);

/** An element: attributes by name, `on…` as listeners, children as elements or as text; nothing comes of null and false. */
function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** A button of the page; `key` is shown beside its name and told to screen readers. */
function button(name, act, { key = null, kind = "", label = null } = {}) {
  return el("button", { type: "button", class: kind, onclick: act, "aria-label": label, "aria-keyshortcuts": key && data.words[key].replace("Ctrl", "Control") },
    label ? el("span", { "aria-hidden": "true" }, name) : name, key && el("kbd", { "aria-hidden": "true" }, say(key)));
}

function labelled(name, field) {
  return el("label", { class: "field" }, el("span", {}, name), field);
}

function select(options, value, onchange) {
  const list = el("select", { onchange: () => onchange(list.value) },
    options.map(([id, name]) => el("option", { value: id, selected: id === value }, name)));
  return list;
}

/** Letters without marks: what an officer types in haste. */
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/g, "d").replace(/Đ/g, "D").toLowerCase();

/** As narrow as a telephone: the list stands below the paper. */
const isNarrow = () => matchMedia("(max-width: 52rem)").matches;

let clearing = 0;
/** Tells what has happened, to eyes and ears. */
function tell(text, kind = "") {
  const status = byId("status");
  status.className = kind;
  status.textContent = text;
  clearTimeout(clearing);
  clearing = setTimeout(() => { if (kind !== "bad") status.textContent = ""; }, 6000);
}
