"use strict";

// What every role of a training spent its time on: whole bars, cut into parts.
souk.work_section = () => {
  const parts = [["compute", "computes"], ["apply", "applies steps"], ["send", "sends"],
                 ["wait", "waits"]];
  const all_of = told => d3.sum(parts, ([name]) => told[name]);
  const work = souk.work.filter(told => all_of(told) > 0);
  if (work.length === 0) return null;
  const processes = souk.unique(work.map(told => told.process));
  const name_of = told => told.role.replace(/_/g, " ")
    + (processes.length > 1 ? `, ${told.process.replace(/ \(.*/, "")}` : "");
  const percent = share => `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)}%`;
  const bytes = value => value === 0 ? "–" : value < 1e6 ? `${souk.number(value / 1e3)} kB`
    : value < 1e9 ? `${souk.number(value / 1e6)} MB` : `${souk.number(value / 1e9)} GB`;

  const bars = shown => souk.figure({
    title: "Where the time went",
    note: "of each role, share of the training's wall clock",
    description: shown.map(told => `${name_of(told)}: ` + parts
      .map(([name, does]) => `${does} ${percent(told[name] / all_of(told))}`).join(", "))
      .join("; ") + ".",
    draw: (svg, width) => {
      const row_height = 28;
      const names = Math.min(0.5 * width,
        16 + d3.max(shown, told => souk.text_width(name_of(told))));
      const x = d3.scale.linear().domain([0, 1]).range([names, width - 4]);
      shown.forEach((told, i) => {
        const middle = (i + 0.5) * row_height;
        svg.append("text").attr({"class": "name", x: 4, y: middle, dy: "0.35em"})
          .text(souk.shortened(name_of(told), names - 12));
        let sum = 0;
        parts.forEach(([name]) => {
          const share = told[name] / all_of(told);
          const left = x(sum);
          sum += share;
          const drawn = x(sum) - left;
          svg.append("rect").attr({"class": `part part-${name}`, x: left, y: middle - 10,
                                   height: 20, width: Math.max(0, drawn - 1)});
          if (drawn > 12 + souk.text_width(percent(share)))
            svg.append("text").attr({"class": `share share-${name}`, x: left + drawn / 2,
                                     y: middle, dy: "0.35em", "text-anchor": "middle"})
              .text(percent(share));
        });
      });
      return shown.length * row_height + 4;
    }});

  const table = shown => souk.table({
    caption: "What each role did",
    head: ["Role", "Process", "Computes", "Applies", "Sends", "Waits", "Sent", "Received",
           "Longest queue", "Restarts", "Slow"],
    rows: shown.map(told => [told.role.replace(/_/g, " "), told.process,
      ...["compute", "apply", "send", "wait"].map(name =>
        souk.number_cell(`${told[name].toFixed(2)} s`)),
      souk.number_cell(bytes(told.sent)), souk.number_cell(bytes(told.received)),
      souk.number_cell(souk.count(told.queue)), souk.number_cell(souk.count(told.restarts)),
      told.slower > 0 ? `${told.slower.toFixed(1)} times its peers` : "–"])});

  const legend = souk.element("ul", {"class": "legend"}, parts.map(([name, does]) =>
    souk.element("li", {}, souk.element("span", {"class": `key part-${name}`,
                                                 "aria-hidden": "true"}), does)));
  const slow = work.filter(told => told.slower > 0);
  const models = souk.unique(work.map(told => told.model));
  return {id: "work", title: "Who did what", content: [
    slow.length === 0 ? null : souk.element("p", {"class": "note"}, slow.map(told =>
      `${told.role} in ${told.process} was slow: it computed up to `
      + `${told.slower.toFixed(1)} times as long as its peers, and all waited for it.`)
      .join(" ")),
    legend,
    ...souk.choice({label: "Model", options: models, initial: models[0], name_of: name => name,
      draw: model => {
        const shown = work.filter(told => told.model === model);
        return [bars(shown), table(shown)];
      }})]};
};
