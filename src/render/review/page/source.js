// The paper: its text page by page, lines numbered, what repair changed marked, and the lines of the current item lit.

const lineElements = new Map();
let lit = [];

function showSource() {
  const pages = data.pages.map((page, nth) => {
    const name = page.sheet ? say("sheet_of", { sheet: page.sheet }) : page.page ? say("page_of", { page: page.page }) : page.file;
    return el("article", { class: page.sheet ? "page sheet" : "page", "aria-label": `${page.file}, ${name}` },
      el("h3", {}, el("span", { class: "doc" }, page.file), page.sheet || page.page ? ` · ${name}` : ""),
      el("ol", {}, page.lines.map((line) => showLine(nth, line))));
  });
  byId("source").append(el("h2", {}, say("source")), el("div", { class: "pages", tabindex: "0", role: "region", "aria-label": say("source") }, pages));
}

function showLine(page, line) {
  const element = el("li", { value: line.n, "data-n": line.n }, el("span", { class: "doc" }, marked(line)));
  lineElements.set(`${page}:${line.n}`, element);
  element.addEventListener("dblclick", () => chooseAt(page, line.n));
  return element;
}

/** The line's words, each repair a mark that tells what was read. */
function marked(line) {
  if (!line.marks) return line.text;
  const letters = Array.from(line.text);
  const parts = [];
  let at = 0;
  for (const mark of [...line.marks].sort((a, b) => a.from - b.from)) {
    const from = Math.max(mark.from, at);
    const to = Math.min(Math.max(mark.from + mark.letters, from), letters.length);
    if (to <= from) continue;
    parts.push(letters.slice(at, from).join(""));
    const told = say("read_as", { as_read: mark.as_read, cause: mark.cause }) + (mark.others.length ? `; ${say("others", { others: mark.others.join(", ") })}` : "");
    parts.push(el("mark", { class: mark.sure, title: told }, letters.slice(from, to).join("")));
    at = to;
  }
  parts.push(letters.slice(at).join(""));
  return parts;
}

/** Lights the lines of an item and brings the first of them into sight. */
function light(item) {
  for (const element of lit) {
    element.classList.remove("lit");
    element.removeAttribute("aria-current");
  }
  lit = [];
  for (const [page, from, to] of item?.at ?? []) {
    for (let n = from; n <= to && lit.length < 400; n += 1) {
      const element = lineElements.get(`${page}:${n}`);
      if (element) lit.push(element);
    }
  }
  for (const element of lit) {
    element.classList.add("lit");
    element.setAttribute("aria-current", "true");
  }
  const pane = byId("source").querySelector(".pages");
  if (!lit[0] || pane.scrollHeight <= pane.clientHeight) return;
  const box = lit[0].getBoundingClientRect(), frame = pane.getBoundingClientRect();
  if (box.top < frame.top + 40 || box.bottom > frame.bottom - 40) pane.scrollTop += box.top - frame.top - pane.clientHeight / 3;
}
