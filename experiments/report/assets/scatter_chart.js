"use strict";

// Named points with intervals both ways. `points`: [{name, x, y}], x and y result rows.
souk.scatter_chart = ({title, note, points, x_label, y_label}) => {
  const ends = row => souk.has_interval(row) ? [row.low, row.high] : [row.mean, row.mean];
  const domain = axis => {
    const [low, high] = d3.extent(points.flatMap(point => ends(point[axis])));
    const room = (high - low || Math.abs(high) || 1) * 0.06;
    return [low >= 0 && low < room ? 0 : low - room, high + room];
  };

  // Names stand where there is room: right of their point, left, above, or nowhere.
  const draw_names = (svg, x, y, box) => {
    const taken = points.map(point => ({left: x(point.x.mean) - 6, right: x(point.x.mean) + 6,
      top: y(point.y.mean) - 6, bottom: y(point.y.mean) + 6}));
    points.forEach(point => {
      const length = souk.text_width(point.name);
      const [px, py] = [x(point.x.mean), y(point.y.mean)];
      const at = (left, middle) => ({left, right: left + length, top: middle - 7,
                                     bottom: middle + 7});
      const place = [at(px + 9, py - 9), at(px - 9 - length, py - 9), at(px + 9, py + 10),
                     at(px - 9 - length, py + 10), at(px - length / 2, py - 17),
                     at(px - length / 2, py + 18)]
        .find(each => each.left >= box.left && each.right <= box.right && each.top >= box.top
          && each.bottom <= box.bottom && taken.every(other => each.right < other.left
            || each.left > other.right || each.bottom < other.top || each.top > other.bottom));
      if (!place) return;
      taken.push(place);
      svg.append("text").attr({"class": "name beside", x: place.left, dy: "0.35em",
                               y: (place.top + place.bottom) / 2}).text(point.name);
    });
  };

  const draw_axes = (svg, x, y, box) => {
    const wanted = Math.max(2, Math.min(8, Math.floor((box.right - box.left) / 60)));
    y.ticks(6).forEach(tick => {
      svg.append("line").attr({"class": "grid", x1: box.left, x2: box.right, y1: y(tick),
                               y2: y(tick)});
      svg.append("text").attr({x: box.left - 6, y: y(tick), dy: "0.32em", "text-anchor": "end"})
        .text(y.tickFormat(6)(tick));
    });
    x.ticks(wanted).forEach(tick => {
      svg.append("line").attr({"class": "grid", x1: x(tick), x2: x(tick), y1: box.top,
                               y2: box.bottom});
      svg.append("text").attr({x: x(tick), y: box.bottom + 18, "text-anchor": "middle"})
        .text(x.tickFormat(wanted)(tick));
    });
    svg.append("text").attr({x: (box.left + box.right) / 2, y: box.bottom + 38,
                             "text-anchor": "middle"}).text(x_label);
    svg.append("text").attr({x: 4, y: 12}).text(y_label);
  };

  const draw = (svg, width) => {
    const box = {left: 52, right: width - 10, top: 24,
                 bottom: 24 + Math.min(380, Math.max(240, 0.6 * width))};
    const x = d3.scale.linear().domain(domain("x")).range([box.left, box.right]);
    const y = d3.scale.linear().domain(domain("y")).range([box.bottom, box.top]);
    draw_axes(svg, x, y, box);
    points.forEach(point => {
      const group = svg.append("g").attr("class", souk.series(point.name));
      const [left, right] = ends(point.x).map(x);
      const [low, high] = ends(point.y).map(y);
      group.append("line").attr({"class": "cross", x1: left, x2: right, y1: y(point.y.mean),
                                 y2: y(point.y.mean)});
      group.append("line").attr({"class": "cross", x1: x(point.x.mean), x2: x(point.x.mean),
                                 y1: low, y2: high});
      group.append("path").attr({"class": "mark",
        transform: `translate(${x(point.x.mean)},${y(point.y.mean)})`,
        d: d3.svg.symbol().type(souk.symbol(point.name)).size(80)()});
    });
    draw_names(svg, x, y, box);
    make_walkable(svg, x, y, box);
    return box.bottom + 44;
  };

  const told = row => `${souk.number(row.mean)}`
    + (souk.has_interval(row) ? ` [${souk.interval(row)}]` : "");
  const make_walkable = (svg, x, y, box) => {
    const cursor = svg.append("circle").attr({"class": "cell-cursor", r: 10,
                                              visibility: "hidden"});
    svg.append("rect").attr({x: 0, y: 0, width: box.right + 10, height: box.bottom + 40,
                             fill: "none", "pointer-events": "all"}).append("title");
    const order = d3.range(points.length)
      .sort((a, b) => points[a].x.mean - points[b].x.mean);
    const far = (point, px, py) => Math.hypot(x(point.x.mean) - px, y(point.y.mean) - py);
    souk.walk(svg, {
      places: points.length,
      keys: ["ArrowLeft", "ArrowRight"],
      nearest: (px, py) => d3.range(points.length).reduce((best, i) =>
        far(points[order[i]], px, py) < far(points[order[best]], px, py) ? i : best, 0),
      show: i => {
        const point = points[order[i]];
        cursor.attr({cx: x(point.x.mean), cy: y(point.y.mean), visibility: "visible"});
        return {x: x(point.x.mean), y: y(point.y.mean), heading: point.name,
          lines: [{text: `${x_label}: ${told(point.x)}`},
                  {text: `${y_label}: ${told(point.y)}`}]};
      },
      hide: () => cursor.attr("visibility", "hidden"),
    });
  };

  return souk.figure({title, note, draw,
    description: `Scatter plot of ${y_label} by ${x_label}: ${points.map(point =>
      `${point.name} ${told(point.x)}, ${told(point.y)}`).join("; ")}.`,
    numbers: () => souk.table({caption: title, head: ["", x_label, y_label],
      rows: points.map(point => [point.name, souk.mean_cell(point.x),
                                 souk.mean_cell(point.y)])})});
};
