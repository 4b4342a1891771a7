"use strict";

// A row per name with its mean and 95% interval. `rows`: result rows; `beside`: the rows of
// all charts that share an axis with this one; `with_table`: where no table below has them.
souk.interval_chart = ({title, note, rows, unit, beside, with_table}) => {
  const row_height = 28;
  const name_width = width => Math.min(0.46 * width,
    16 + d3.max(rows, row => souk.text_width(row.model)));
  const domain = () => {
    const all = beside || rows;
    const low = d3.min(all, row => souk.has_interval(row) ? row.low : row.mean);
    const high = d3.max(all, row => souk.has_interval(row) ? row.high : row.mean);
    const start = low >= 0 && low < 0.6 * high ? 0 : low;
    const room = (high - start || Math.abs(high) || 1) * 0.05;
    return [start === 0 ? 0 : start - room, high + room];
  };

  const draw = (svg, width) => {
    const names = name_width(width);
    const box = {left: names + 4, right: width - 56, top: 4,
                 bottom: 4 + rows.length * row_height};
    const x = d3.scale.linear().domain(domain()).range([box.left, box.right]);
    const middle = i => box.top + (i + 0.5) * row_height;
    const cursor = svg.append("rect").attr({"class": "row-cursor", x: 0, width,
      height: row_height, rx: 4, visibility: "hidden"});
    const wanted = Math.min(8, Math.max(2, Math.floor((box.right - box.left) / 60)));
    x.ticks(wanted).forEach(tick => {
      svg.append("line").attr({"class": "grid", x1: x(tick), x2: x(tick), y1: box.top,
                               y2: box.bottom});
      svg.append("text").attr({x: x(tick), y: box.bottom + 16, "text-anchor": "middle"})
        .text(x.tickFormat(wanted)(tick));
    });
    rows.forEach((row, i) => {
      const group = svg.append("g").attr("class", souk.series(row.model));
      group.append("text").attr({"class": "name", x: 4, y: middle(i), dy: "0.35em"})
        .text(souk.shortened(row.model, names - 12));
      if (souk.has_interval(row))
        group.append("line").attr({"class": "whisker", x1: x(row.low), x2: x(row.high),
                                   y1: middle(i), y2: middle(i)});
      group.append("path").attr({"class": "mark",
        transform: `translate(${x(row.mean)},${middle(i)})`,
        d: d3.svg.symbol().type(souk.symbol(row.model)).size(80)()});
      group.append("text").attr({"class": "value", x: width - 4, y: middle(i),
        dy: "0.35em", "text-anchor": "end"}).text(souk.number(row.mean));
    });
    svg.append("rect").attr({x: 0, y: 0, width, height: box.bottom + 20, fill: "none",
                             "pointer-events": "all"}).append("title");
    souk.walk(svg, {
      places: rows.length,
      keys: ["ArrowUp", "ArrowDown"],
      nearest: (_, py) => Math.max(0, Math.min(rows.length - 1,
        Math.floor((py - box.top) / row_height))),
      show: i => {
        cursor.attr({y: box.top + i * row_height, visibility: "visible"});
        const row = rows[i];
        return {x: x(row.mean), y: middle(i), heading: row.model,
          lines: [{text: `${title}: ${souk.number(row.mean)}`},
                  ...(souk.has_interval(row)
                    ? [{text: `95% interval ${souk.interval(row)}`}] : []),
                  {text: `over ${souk.count(row.n)} ${row.n === 1 ? unit : `${unit}s`}`}]};
      },
      hide: () => cursor.attr("visibility", "hidden"),
    });
    return box.bottom + 22;
  };

  const told = rows.map(row => `${row.model} ${souk.number(row.mean)}`
    + (souk.has_interval(row) ? ` (${souk.interval(row)})` : ""));
  return souk.figure({title, note, draw,
    description: `Means with 95% intervals: ${told.join("; ")}.`,
    numbers: with_table ? () => souk.table({caption: title, head: ["", "Mean"],
      rows: rows.map(row => [row.model, souk.mean_cell(row)])}) : null});
};
