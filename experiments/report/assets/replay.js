"use strict";

// How well a model predicted what came next in a recorded log, event by event.
souk.replay = () => {
  const means = wanted => souk.means(Object.assign({stage: "replay"}, wanted));
  const metrics = souk.unique(means({}).map(row => row.metric))
    .filter(metric => metric.includes("@"));
  if (metrics.length === 0) return null;
  const models = souk.unique(means({}).map(row => row.model)).sort(souk.order);
  const kinds = {position: "place in the session", history: "events before this one"};

  const curve = (metric, kind) => {
    const shown = means({metric}).filter(row => souk.kind(row.group) === kind);
    return shown.length < 2 ? null : souk.line_chart({
      title: `${metric} by ${kinds[kind]}`, note: "bands are 95% intervals over users",
      x_label: kinds[kind], format_x: place => place,
      places: souk.unique(shown.map(row => souk.part(row.group))),
      series: models.map(name => ({name, points: shown.filter(row => row.model === name)
        .map(row => ({x: souk.part(row.group), y: row.mean, low: row.low,
                      high: row.high}))}))});
  };
  const value = metric => (means({metric, group: "all"})[0] || {mean: 0}).mean;
  const fates = [["judged", "events_judged"],
                 ["unknown to the model", "events_unknown_item"],
                 ["had before", "events_repeated"],
                 ["of the model's own training", "events_learned"]];
  const measured = souk.rows.filter(row => row.stage === "replay" && row.measured);
  const latencies = measured.filter(row => row.metric.startsWith("latency_"));
  return {id: "replay", title: "Replay", content: [
    souk.element("p", {}, "Each event was predicted from what its user had done before, and "
      + "learned only then."),
    souk.table({caption: "Means over the events judged, with 95% intervals over users",
      head: ["Model", ...metrics], rows: models.map(model => [model, ...metrics.map(metric =>
        souk.mean_cell(means({metric, model, group: "all"})[0]))])}),
    ...souk.choice({label: "Metric", options: metrics, initial: souk.headline(metrics),
                    name_of: metric => metric, draw: metric => [souk.panels(
                      ...Object.keys(kinds).map(kind => curve(metric, kind))
                        .filter(made => made))]}),
    souk.panels(...[
      souk.bar_chart({title: "What became of the events", format: souk.count,
        bars: fates.map(([name, metric]) => ({name, value: value(metric)}))}),
      latencies.length > 0 ? souk.bar_chart({title: "Time of a prediction",
        note: "milliseconds, measured", format: souk.number,
        bars: latencies.map(row => ({name: row.metric.replace(/^latency_|_ms$/g, ""),
                                     value: row.mean}))}) : null].filter(made => made)),
  ].filter(part => part)};
};
