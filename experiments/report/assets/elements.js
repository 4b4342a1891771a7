"use strict";

// Makes an element; children that are text are never read as markup.
souk.element = (tag, attributes, ...children) => {
  const made = document.createElement(tag);
  Object.entries(attributes || {}).forEach(([name, value]) => {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined) made.setAttribute(name, value);
  });
  children.flat().filter(child => child !== null && child !== undefined && child !== "")
    .forEach(child => made.append(child));
  return made;
};

souk.swatch = name => {
  const holder = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  d3.select(holder).attr({"class": `swatch ${souk.series(name)}`, viewBox: "-7 -7 14 14",
                          "aria-hidden": "true"})
    .append("path").attr({"class": "mark",
                          d: d3.svg.symbol().type(souk.symbol(name)).size(70)()});
  return holder;
};

// With `emphasise`, pointing at a name makes it stand out, and pressing it keeps it so;
// it is called with a name, or with null for all alike.
souk.legend = (names, emphasise) => {
  let kept = null;
  const buttons = names.map(name => emphasise ? souk.element("button", {type: "button",
    "aria-pressed": "false",
    onmouseenter: () => emphasise(name), onmouseleave: () => emphasise(kept),
    onclick: () => {
      kept = kept === name ? null : name;
      buttons.forEach((button, i) =>
        button.setAttribute("aria-pressed", String(names[i] === kept)));
      emphasise(kept);
    }}, souk.swatch(name), name) : null);
  return souk.element("ul", {"class": "legend"}, names.map((name, i) =>
    souk.element("li", {}, ...(emphasise ? [buttons[i]] : [souk.swatch(name), name]))));
};

souk.details = (summary, ...children) =>
  souk.element("details", {}, souk.element("summary", {}, summary), ...children);

souk.panels = (...figures) => souk.element("div", {"class": "panels"}, ...figures);

// Buttons of which one is pressed; `draw(option)` makes what stands below them.
souk.choice = ({label, options, initial, name_of, draw}) => {
  const stage = souk.element("div");
  const buttons = options.map(option => souk.element("button",
    {type: "button", onclick: () => show(option)}, name_of(option)));
  const show = option => {
    buttons.forEach((button, i) =>
      button.setAttribute("aria-pressed", String(options[i] === option)));
    stage.replaceChildren(...[draw(option)].flat());
  };
  show(initial);
  return [options.length > 1
    ? souk.element("fieldset", {"class": "choice"}, souk.element("legend", {}, label),
                   buttons)
    : null, stage];
};

// A figure whose drawing is made anew for every width, so that its text stays legible.
// `draw(svg, width)` returns the height it took; `legend` stands above it.
let figures_made = 0;
souk.figure = ({title, note, description, draw, numbers, legend}) => {
  const id = `figure-${++figures_made}`;
  const plot = souk.element("div", {"class": "plot"});
  const svg = d3.select(plot).append("svg").attr({role: "img", tabindex: 0,
    "aria-labelledby": `${id}-title ${id}-description`});
  let drawn_width = 0;
  const redraw = () => {
    const width = Math.round(plot.clientWidth);
    if (width === 0 || width === drawn_width) return;
    drawn_width = width;
    svg.selectAll("*").remove();
    svg.append("title").attr("id", `${id}-title`).text(title);
    svg.append("desc").attr("id", `${id}-description`)
      .text(numbers ? `${description} The numbers follow as a table.` : description);
    const height = draw(svg, width);
    svg.attr("viewBox", `0 0 ${width} ${height}`);
  };
  // Drawing changes the height: not inside the observation that it would disturb.
  new ResizeObserver(() => requestAnimationFrame(redraw)).observe(plot);
  return souk.element("figure", {},
    souk.element("figcaption", {}, souk.element("strong", {}, title),
                 note ? souk.element("span", {}, note) : null),
    legend || null, plot, numbers ? souk.details("Numbers", numbers()) : null);
};
