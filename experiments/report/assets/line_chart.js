"use strict";

// Curves over numbers or named places, with interval bands where points have them.
// `series`: [{name, points: [{x, y, low, high}]}]; `places`: the x of an ordinal axis;
// `with_legend`: where none stands near by.
souk.line_chart = options => {
  const {title, note, series, x_label, y_label, places, from_zero, logarithmic,
         with_legend} = options;
  const format_x = options.format_x || souk.count;
  const format_y = options.format_y || souk.number;
  const stops = places || souk.unique(series.flatMap(each => each.points.map(p => p.x)))
    .sort((a, b) => a - b);
  const at = (each, stop) => each.points.find(point => point.x === stop);
  const text_of = point => ({text: format_y(point.y), note: souk.has_interval(point)
    ? `[${format_y(point.low)}, ${format_y(point.high)}]` : ""});

  const y_domain = () => {
    const points = series.flatMap(each => each.points);
    let low = d3.min(points, p => souk.has_interval(p) ? p.low : p.y);
    let high = d3.max(points, p => souk.has_interval(p) ? p.high : p.y);
    if (logarithmic)
      return [0.7 * d3.min(points, p => p.y), 1.1 * high];
    if (from_zero || (low > 0 && low < 0.5 * high)) low = Math.min(0, low);
    const room = (high - low || Math.abs(high) || 1) * 0.06;
    return [low === 0 ? 0 : low - room, high + room];
  };

  const y_ticks = scale => logarithmic
    ? d3.range(Math.ceil(Math.log10(scale.domain()[0])),
               Math.floor(Math.log10(scale.domain()[1])) + 1).map(e => Math.pow(10, e))
    : scale.ticks(5);

  const draw_axes = (svg, x, y, box) => {
    y_ticks(y).forEach(tick => {
      svg.append("line").attr({"class": "grid", x1: box.left, x2: box.right, y1: y(tick),
                               y2: y(tick)});
      svg.append("text").attr({x: box.left - 6, y: y(tick), dy: "0.32em",
                               "text-anchor": "end"})
        .text(logarithmic ? d3.format(",")(tick) : tick_format(y)(tick));
    });
    const label_width = 12 + d3.max(stops, stop => souk.text_width(format_x(stop)));
    const wanted = Math.max(2, Math.floor((box.right - box.left) / label_width));
    const every = Math.ceil(stops.length / wanted);
    const ticks = places ? stops.filter((_, i) => i % every === 0)
      : x.ticks(Math.min(wanted, 10)).filter(Number.isInteger);
    ticks.forEach(tick => svg.append("text").attr({x: x(tick), y: box.bottom + 18,
      "text-anchor": "middle"}).text(format_x(tick)));
    const ground = !logarithmic && y.domain()[0] < 0 && y.domain()[1] > 0 ? y(0) : box.bottom;
    svg.append("line").attr({"class": "axis", x1: box.left, x2: box.right, y1: ground,
                             y2: ground});
    svg.append("text").attr({x: (box.left + box.right) / 2, y: box.bottom + 36,
                             "text-anchor": "middle"}).text(x_label);
  };

  const tick_format = y => {
    if (options.format_tick) return options.format_tick;
    const [low, high] = y.domain();
    return high - low >= 1000 ? d3.format(",.0f") : y.tickFormat(5);
  };

  // One of many curves stands out while its name in the legend is pointed at or pressed.
  let drawn = null;
  let chosen = null;
  const show_chosen = () => {
    drawn.classed("choosing", chosen !== null);
    drawn.selectAll(".series").classed("chosen", name => name === chosen);
  };
  const emphasise = name => {
    chosen = name;
    if (drawn) show_chosen();
  };

  const draw = (svg, width) => {
    const box = {left: 52, right: width - 10, top: 12, bottom: options.height || 230};
    const x = places
      ? d3.scale.ordinal().domain(places).rangePoints([box.left, box.right], 0.6)
      : d3.scale.linear().domain(d3.extent(stops)).range([box.left + 4, box.right - 4]);
    const y = (logarithmic ? d3.scale.log() : d3.scale.linear()).domain(y_domain())
      .range([box.bottom, box.top]);
    draw_axes(svg, x, y, box);
    const crowded = series.length > 4 ? " crowded" : "";
    drawn = svg;
    series.forEach(each => {
      const group = svg.append("g").datum(each.name)
        .attr("class", `series ${souk.series(each.name)}${crowded}`);
      const banded = each.points.filter(souk.has_interval);
      group.append("path").attr({"class": "band", d: d3.svg.area().x(p => x(p.x))
        // A logarithmic axis has no place for 0.
        .y0(p => y(Math.max(p.low, y.domain()[0]))).y1(p => y(p.high))(banded)});
      group.append("path").attr({"class": "curve",
        d: d3.svg.line().x(p => x(p.x)).y(p => y(p.y))(each.points)});
      if (each.points.length <= 20)
        each.points.forEach(p => group.append("path").attr({"class": "mark",
          transform: `translate(${x(p.x)},${y(p.y)})`,
          d: d3.svg.symbol().type(souk.symbol(each.name)).size(56)()}));
    });
    show_chosen();
    make_walkable(svg, x, y, box);
    return box.bottom + 44;
  };

  const make_walkable = (svg, x, y, box) => {
    const cursor = svg.append("line").attr({"class": "cursor", y1: box.top,
      y2: box.bottom, visibility: "hidden"});
    const dots = svg.append("g");
    // Its own empty title keeps browsers from showing the drawing's as another tooltip.
    svg.append("rect").attr({x: 0, y: 0, width: box.right + 10, height: box.bottom + 40,
                             fill: "none", "pointer-events": "all"}).append("title");
    souk.walk(svg, {
      places: stops.length,
      keys: ["ArrowLeft", "ArrowRight"],
      nearest: px => d3.range(stops.length)
        .reduce((best, i) => Math.abs(x(stops[i]) - px) < Math.abs(x(stops[best]) - px)
          ? i : best, 0),
      show: i => {
        const known = series.filter(each => at(each, stops[i]));
        cursor.attr({x1: x(stops[i]), x2: x(stops[i]), visibility: "visible"});
        dots.selectAll("*").remove();
        known.forEach(each => dots.append("circle").attr({r: 4,
          "class": `mark ${souk.series(each.name)}`, cx: x(stops[i]),
          cy: y(at(each, stops[i]).y)}));
        return {x: x(stops[i]), y: box.top,
          heading: `${x_label}: ${format_x(stops[i])}`,
          lines: known.map(each => Object.assign({name: each.name},
                                                 text_of(at(each, stops[i]))))};
      },
      hide: () => {
        cursor.attr("visibility", "hidden");
        dots.selectAll("*").remove();
      },
    });
  };

  const told = series.map(each => {
    const last = each.points[each.points.length - 1];
    return `${each.name} goes from ${format_y(each.points[0].y)} to ${format_y(last.y)}`;
  });
  return souk.figure({title, note,
    legend: with_legend ? souk.legend(series.map(each => each.name),
                                      series.length > 1 ? emphasise : null) : null,
    description: `Line chart of ${y_label || title} by ${x_label}: ${told.join("; ")}.`,
    draw,
    numbers: () => souk.table({caption: title,
      head: [x_label, ...series.map(each => each.name)],
      rows: stops.map(stop => [format_x(stop), ...series.map(each => at(each, stop)
        ? Object.assign({number: true}, text_of(at(each, stop)))
        : {text: "–", number: true})])}),
  });
};
