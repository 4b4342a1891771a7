"use strict";

// A table; a cell is text, or {text, note, best, number, digest}.
souk.table = ({caption, head, rows}) => {
  const cell = (value, i) => {
    const told = typeof value === "object" && value !== null ? value : {text: value};
    const kind = [told.number ? "number" : "", told.best ? "best" : "",
                  told.digest ? "digest" : ""].join(" ").trim();
    return souk.element(i === 0 ? "th" : "td",
      {"class": kind || null, scope: i === 0 ? "row" : null}, told.text,
      told.note ? souk.element("small", {}, ` ${told.note}`) : null);
  };
  const is_number = i => rows.length > 0 && typeof rows[0][i] === "object"
    && rows[0][i] !== null && rows[0][i].number;
  return souk.element("div", {"class": "scroll", tabindex: 0, role: "region",
                              "aria-label": caption},
    souk.element("table", {}, souk.element("caption", {}, caption),
      head.every(text => text === "") ? null : souk.element("thead", {}, souk.element("tr", {}, head.map((text, i) =>
        souk.element("th", {scope: "col", "class": is_number(i) ? "number" : null}, text)))),
      souk.element("tbody", {}, rows.map(values =>
        souk.element("tr", {}, values.map(cell))))));
};

souk.number_cell = (text, more) => Object.assign({text, number: true}, more);

// A mean with its interval as a cell.
souk.mean_cell = (row, more) => row === undefined ? {text: "–", number: true}
  : souk.number_cell(souk.number(row.mean), Object.assign(
      {note: souk.has_interval(row) ? `[${souk.number(row.low)}, ${souk.number(row.high)}]`
                                    : ""}, more));

// Who was compared with whom: rows that have `against`.
souk.comparison_table = (caption, rows, with_group) => souk.table({
  caption,
  head: ["Metric", ...(with_group ? ["Known"] : []), "Compared", "Difference",
         "95% interval", "p (Holm)", "n"],
  rows: rows.map(row => [souk.title(row.metric),
    ...(with_group ? [row.group.split("=")[1]] : []), `${row.model} − ${row.against}`,
    souk.number_cell(souk.number(row.mean)),
    souk.number_cell(souk.interval(row) || "–"), souk.number_cell(souk.p_value(row.p)),
    souk.number_cell(souk.count(row.n))]),
});
