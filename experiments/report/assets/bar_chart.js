"use strict";

// Horizontal bars from zero. `bars`: [{name, value}]; values are written beside them.
souk.bar_chart = ({title, note, bars, format}) => {
  const row_height = 28;
  const names_of = width => Math.min(0.5 * width,
    16 + d3.max(bars, bar => souk.text_width(bar.name)));

  const draw = (svg, width) => {
    const names = names_of(width);
    const values = 14 + d3.max(bars, bar => souk.text_width(format(bar.value)));
    const x = d3.scale.linear().domain([0, d3.max(bars, bar => bar.value) || 1])
      .range([names, width - values]);
    bars.forEach((bar, i) => {
      const middle = (i + 0.5) * row_height;
      svg.append("text").attr({"class": "name", x: 4, y: middle, dy: "0.35em"})
        .text(souk.shortened(bar.name, names - 12));
      svg.append("rect").attr({"class": "bar", x: names, y: middle - 8, rx: 2, height: 16,
                               width: bar.value > 0 ? Math.max(1.5, x(bar.value) - names) : 0});
      svg.append("text").attr({"class": "value", x: x(bar.value) + 8, y: middle,
                               dy: "0.35em"}).text(format(bar.value));
    });
    return bars.length * row_height + 4;
  };

  const told = bars.map(bar => `${bar.name} ${format(bar.value)}`);
  return souk.figure({title, note, draw, description: `Bars: ${told.join("; ")}.`,
    numbers: () => souk.table({caption: title, head: ["", "Value"],
      rows: bars.map(bar => [bar.name, souk.number_cell(format(bar.value))])})});
};
