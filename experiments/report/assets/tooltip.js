"use strict";

// Makes a drawing that is walked through with the pointer or the arrow keys: `places` are
// its stops, `nearest(x, y)` finds one, `show(i)` marks it and returns
// {x, y, heading, lines: [{name, text}]}, `hide()` unmarks. In a drawing with `columns` the
// arrows up and down go by whole rows.
souk.walk = (svg, {places, nearest, show, hide, keys, columns}) => {
  const tooltip = document.getElementById("tooltip");
  const [back, forth] = keys;
  let current = -1;

  const scale = () => {
    const view = svg.node().viewBox.baseVal.width;
    return view ? svg.node().getBoundingClientRect().width / view : 1;
  };

  const place = (x, y) => {
    const box = svg.node().getBoundingClientRect();
    const size = tooltip.getBoundingClientRect();
    const edge = document.documentElement.clientWidth - size.width - 8;
    const left = box.left + x * scale() + 14;
    const fits = left <= edge;
    tooltip.style.left = `${window.scrollX + Math.max(8, fits ? left : left - size.width - 28)}px`;
    tooltip.style.top = `${window.scrollY + box.top + y * scale() + 8}px`;
  };

  const go_to = i => {
    if (i === current) return;
    current = i;
    const told = show(i);
    tooltip.replaceChildren(souk.element("b", {}, told.heading),
      ...told.lines.map(line => souk.element("div", {"class": "tooltip-line"},
        line.name ? souk.swatch(line.name) : null,
        souk.element("span", {}, line.name ? `${line.name}: ` : "", line.text, " ",
                     line.note ? souk.element("small", {}, line.note) : null))));
    tooltip.hidden = false;
    place(told.x, told.y);
  };

  const leave = () => {
    current = -1;
    tooltip.hidden = true;
    hide();
  };

  const follow = () => {
    const [x, y] = d3.mouse(svg.node());
    go_to(nearest(x, y));
  };
  svg.on("pointermove.walk", follow).on("pointerdown.walk", follow)
    // A finger that is lifted leaves, too, but its owner wants to read.
    .on("pointerleave.walk", () => { if (d3.event.pointerType !== "touch") leave(); })
    .on("blur.walk", leave).on("keydown.walk", () => {
    const key = d3.event.key;
    const last = places - 1;
    const moves = {[back]: Math.max(0, current - 1), Home: 0, End: last,
                   [forth]: Math.min(last, current + 1)};
    if (columns) {
      moves.ArrowUp = current >= columns ? current - columns : current;
      moves.ArrowDown = current + columns <= last ? current + columns : current;
    }
    if (key === "Escape") leave();
    if (!(key in moves)) return;
    d3.event.preventDefault();
    go_to(moves[key]);
  });
};
