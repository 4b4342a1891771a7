"use strict";

// Rows by columns, each cell against the mean of its line: blue above, orange below, so
// that nobody has to tell red from green. `cell(row, column)`: a result row or undefined;
// `mean_over`: "row" or "column", whose mean is the middle of the scale; `policies`: names
// among which yardsticks do not count for it; `text(row, ratio)`: what a cell says;
// `marked(row, column)`: a sentence about a cell that gets a frame, else nothing.
souk.matrix_chart = options => {
  const {title, note, rows, columns, cell, mean_over, text, unit} = options;
  const marked = options.marked || (() => "");
  const table_rows = options.table_rows || rows;
  const by_column = mean_over === "column";

  // Random and reference are far from all others: what is usual is told by these.
  const usual = names => {
    const others = names.filter(name => !souk.is_yardstick(name));
    return others.length > 1 ? others : names;
  };
  const across = by_column ? rows : columns;
  const colours = `colours against the ${mean_over}'s mean`
    + (usual(across).length < across.length ? ", random and reference left out of it" : "");
  const middle = (row, column) => d3.mean(by_column
    ? usual(across).map(each => (cell(each, column) || {mean: null}).mean)
    : usual(across).map(each => (cell(row, each) || {mean: null}).mean));
  const ratio = (row, column) => {
    const found = cell(row, column);
    const usually = middle(row, column);
    return found && usually > 0 ? found.mean / usually - 1 : null;
  };
  const extent = () => {
    const all = (by_column ? usual(across) : rows).flatMap(row =>
      (by_column ? columns : usual(across)).map(column => Math.abs(ratio(row, column))));
    return d3.max(all) || 0.01;
  };
  const shade = share => 0.08 + 0.46 * Math.min(1, Math.abs(share));
  const of_cell = i => [rows[Math.floor(i / columns.length)], columns[i % columns.length]];

  const draw_key = (svg, width, top, most) => {
    const steps = [-1, -0.5, 0, 0.5, 1];
    const size = Math.min(64, (width - 8) / steps.length);
    steps.forEach((step, i) => {
      svg.append("rect").attr({"class": `cell${step < 0 ? " below" : ""}`, x: 4 + i * size,
        y: top, width: size, height: 14, "fill-opacity": shade(step)});
      svg.append("text").attr({x: 4 + (i + 0.5) * size, y: top + 28, "text-anchor": "middle"})
        .text(step === 0 ? "mean" : souk.change(step * most));
    });
  };

  const draw = (svg, width) => {
    const names = Math.min(0.34 * width, 16 + d3.max(rows, souk.text_width));
    const cell_width = Math.min(150, (width - names - 4) / columns.length);
    const cell_height = 30;
    const upright = columns.every(name => souk.text_width(name) <= cell_width - 8);
    const longest = Math.min(120, d3.max(columns, souk.text_width));
    const top = upright ? 24 : 14 + Math.ceil(0.82 * longest);
    const most = extent();
    columns.forEach((column, i) => {
      const x = names + (i + 0.5) * cell_width;
      // Slanted names come from the left, where the names of rows leave room.
      svg.append("text").attr(upright ? {"class": "name", x, y: top - 8, "text-anchor": "middle"}
        : {"class": "name", "text-anchor": "end",
           transform: `translate(${x + 4},${top - 6}) rotate(55)`})
        .text(souk.shortened(column, upright ? cell_width - 8 : 120));
    });
    rows.forEach((row, i) => {
      svg.append("text").attr({"class": "name", x: 4, y: top + (i + 0.5) * cell_height,
                               dy: "0.35em"}).text(souk.shortened(row, names - 12));
      columns.forEach((column, j) => {
        const found = cell(row, column);
        const share = ratio(row, column);
        const place = {x: names + j * cell_width, y: top + i * cell_height};
        svg.append("rect").attr({
          "class": `cell${share === null ? " unknown" : share < 0 ? " below" : ""}`,
          x: place.x, y: place.y, width: cell_width, height: cell_height, rx: 4,
          "fill-opacity": share === null ? 1 : shade(share / most)});
        if (marked(row, column))
          svg.append("rect").attr({"class": "own-kind", x: place.x + 2, y: place.y + 2, rx: 3,
                                   width: cell_width - 4, height: cell_height - 4});
        const told = found ? text(found, share) : "–";
        if (souk.text_width(told) <= cell_width - 6)
          svg.append("text").attr({"class": "value", x: place.x + cell_width / 2,
            y: place.y + cell_height / 2, dy: "0.35em", "text-anchor": "middle"}).text(told);
      });
    });
    const bottom = top + rows.length * cell_height;
    draw_key(svg, width, bottom + 12, most);
    make_walkable(svg, {names, top, bottom, width, cell_width, cell_height});
    return bottom + 46;
  };

  const make_walkable = (svg, {names, top, bottom, width, cell_width, cell_height}) => {
    const cursor = svg.append("rect").attr({"class": "cell-cursor", rx: 4, width: cell_width,
                                            height: cell_height, visibility: "hidden"});
    svg.append("rect").attr({x: 0, y: 0, width, height: bottom, fill: "none",
                             "pointer-events": "all"}).append("title");
    const within = (value, count) => Math.max(0, Math.min(count - 1, Math.floor(value)));
    souk.walk(svg, {
      places: rows.length * columns.length,
      columns: columns.length,
      keys: ["ArrowLeft", "ArrowRight"],
      nearest: (px, py) => within((py - top) / cell_height, rows.length) * columns.length
        + within((px - names) / cell_width, columns.length),
      show: i => {
        const [row, column] = of_cell(i);
        const found = cell(row, column);
        const x = names + (i % columns.length) * cell_width;
        const y = top + Math.floor(i / columns.length) * cell_height;
        cursor.attr({x, y, visibility: "visible"});
        return {x: x + cell_width / 2, y: y + cell_height / 2, heading: `${row} · ${column}`,
          lines: found ? [
            {text: `${souk.title(found.metric)}: ${souk.number(found.mean)}`},
            ...(souk.has_interval(found)
              ? [{text: `95% interval ${souk.interval(found)}`}] : []),
            ...(ratio(row, column) === null ? []
              : [{text: `${souk.change(ratio(row, column))} against the ${mean_over}'s mean`}]),
            ...(marked(row, column) ? [{text: marked(row, column)}] : []),
            {text: `over ${souk.count(found.n)} ${found.n === 1 ? unit : `${unit}s`}`}]
            : [{text: "unknown"}]};
      },
      hide: () => cursor.attr("visibility", "hidden"),
    });
  };

  return souk.figure({title, note: note ? `${colours}; ${note}` : colours, draw,
    description: `Matrix of ${rows.length} rows (${rows.join(", ")}) by ${columns.length} `
      + `columns (${columns.join(", ")}).`,
    numbers: () => souk.table({caption: title, head: ["", ...columns],
      rows: table_rows.map(row => [row, ...columns.map(column =>
        souk.mean_cell(cell(row, column)))])})});
};
