// The paper: its text page by page, lines numbered, what repair changed marked, and the lines of the current item lit.

const SVG = "http://www.w3.org/2000/svg";
const lineElements = new Map();
/** What lights the lines of a page on its picture. */
const pictures = new Map();
let lit = [];

function showSource() {
  const pages = data.pages.map((page, nth) => {
    const name = page.sheet ? say("sheet_of", { sheet: page.sheet }) : page.page ? say("page_of", { page: page.page }) : page.file;
    return el("article", { class: `page${page.sheet ? " sheet" : ""}${page.picture ? " pictured" : ""}`, "aria-label": `${page.file}, ${name}` },
      el("h3", {}, el("span", { class: "doc" }, page.file), page.sheet || page.page ? ` · ${name}` : ""),
      page.picture ? showPicture(nth, page, name) : null,
      el("ol", {}, page.lines.map((line) => showLine(nth, line))));
  });
  const pane = el("div", { class: "pages", tabindex: "0", role: "region", "aria-label": say("source") }, pages);
  byId("source").append(el("div", { class: "bar" }, el("h2", {}, say("source")), pictures.size ? showChoice(pane) : null), pane, el("ol", { class: "strip", "aria-label": say("strip") }));
}

/** Scanned pages are shown as they are on paper, or by their text. */
function showChoice(pane) {
  const side = (name, asText) => el("label", {}, el("input", { type: "radio", name: "shown-as", checked: !asText, onchange: () => {
    pane.classList.toggle("as-text", asText);
    light(current);
  } }), say(name));
  return el("span", { class: "choice", role: "radiogroup", "aria-label": say("shown_as") }, side("as_picture", false), side("as_text", true));
}

/** The picture of a page, with a band for the lines of the current item. */
function showPicture(nth, page, name) {
  const { src, width, height, slope, lines } = page.picture;
  const band = document.createElementNS(SVG, "polygon");
  const over = document.createElementNS(SVG, "svg");
  over.setAttribute("viewBox", `0 0 ${width} ${height}`);
  over.setAttribute("aria-hidden", "true");
  over.append(band);
  const bands = lines.match(/-?\d+--?\d+/g)?.map((line) => line.match(/^(-?\d+)-(-?\d+)$/).slice(1).map(Number)) ?? [];
  const at = new Map(page.lines.map((line, row) => [line.n, bands[row]]));
  const image = el("img", { src, width, height, alt: say("picture_of", { page: name }), decoding: "async", ondblclick: (event) => {
    const y = (event.offsetY / image.clientHeight) * height - slope * (event.offsetX / image.clientWidth) * width;
    const found = page.lines.find((line) => at.get(line.n)?.[0] <= y && y <= at.get(line.n)?.[1]);
    if (found) chooseAt(nth, found.n);
  } });
  const frame = el("div", { class: "picture" }, image, over);
  pictures.set(nth, { frame, band, at, fall: slope * width, width, height });
  return frame;
}

/** Lights lines on the picture of their page; where on it they begin comes back, as a share of its height. */
function lightPicture(nth, from, to) {
  const { band, at, fall, width, height } = pictures.get(nth);
  const bands = [...at].filter(([n, line]) => line && from <= n && n <= to).map(([, line]) => line);
  if (!bands.length) return 0;
  const top = Math.min(...bands.map((line) => line[0])) - 4, bottom = Math.max(...bands.map((line) => line[1])) + 4;
  band.setAttribute("points", `0,${top} ${width},${top + fall} ${width},${bottom + fall} 0,${bottom}`);
  return Math.max(top, 0) / height;
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
  for (const { band } of pictures.values()) band.removeAttribute("points");
  let onPaper = null;
  for (const [page, from, to] of item?.at ?? []) {
    if (pictures.has(page)) {
      const share = lightPicture(page, from, to);
      onPaper ??= [pictures.get(page).frame, share];
    }
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
  const asPicture = onPaper && !pane.classList.contains("as-text");
  // Beside the picture stand the words that were read there, with what was repaired.
  byId("source").querySelector(".strip").replaceChildren(...(asPicture ? lit.slice(0, 12).map((line) => line.cloneNode(true)) : []));
  if (asPicture) {
    const frame = onPaper[0].getBoundingClientRect();
    const top = frame.top + onPaper[1] * frame.height - pane.getBoundingClientRect().top;
    if (top < 40 || top > pane.clientHeight * 0.7) pane.scrollTop += top - pane.clientHeight / 3;
    return;
  }
  bring(pane, lit[0], 4);
}

/** Scrolls `pane` until `line` is seen. The heights of lines that were not drawn yet are a guess, so it looks again in the next frames. */
function bring(pane, line, again) {
  if (!line || line !== lit[0] || pane.scrollHeight <= pane.clientHeight) return;
  const box = line.getBoundingClientRect(), frame = pane.getBoundingClientRect();
  if (box.top < frame.top + 40 || box.bottom > frame.bottom - 40) pane.scrollTop += box.top - frame.top - pane.clientHeight / 3;
  if (again > 0) requestAnimationFrame(() => bring(pane, line, again - 1));
}
