"use strict";

// How clicks and purchases gather on few items, under each policy and in the real data.
souk.popularity = () => {
  const share = text => parseFloat(text);
  const percent = d3.format(".1%");
  const metrics = ["popularity_share", "purchase_popularity_share"].filter(metric =>
    souk.online({metric}).length > 0);
  if (metrics.length === 0) return null;
  const rows = name => souk.means({stage: "online", model: name});
  // Of the data one curve is known: it does not say what was opened and what bought.
  const real = rows("real").filter(row => row.metric === "popularity_share");
  const policies = metric => souk.unique(souk.online({metric}).map(row => row.model))
    .sort(souk.order);
  const points = shown => shown.map(row => ({x: souk.part(row.group), y: row.mean,
    low: row.low, high: row.high})).sort((a, b) => share(a.x) - share(b.x));

  const curve = metric => souk.line_chart({
    title: `${souk.title(metric)} that the most popular items have`,
    note: "of the whole catalogue, with what nobody opened; few events gather on few items "
      + "by chance alone"
      + (real.length > 0 ? "; the broad line is the training data" : ""),
    with_legend: true, height: 320, from_zero: true,
    x_label: "top share of items", format_x: place => place,
    format_y: percent, format_tick: d3.format(".0%"),
    places: souk.unique(souk.online({metric}).map(row => souk.part(row.group)))
      .sort((a, b) => share(a) - share(b)),
    series: [...(real.length > 0 ? [{name: "real", points: points(real)}] : []),
      ...policies(metric).map(name => ({name, points: points(rows(name)
        .filter(row => row.metric === metric))}))]});
  const gini = metric => souk.interval_chart({title: souk.title(metric),
    note: souk.subtitle(metric), unit: "world", with_table: true,
    rows: [...rows("real").filter(row => row.metric === "gini"),
           ...souk.online({metric, group: "all"})
             .sort((a, b) => souk.order(a.model, b.model))]});
  const draw = metric => [curve(metric),
    gini(metric === "popularity_share" ? "gini" : "purchase_gini")];
  return {id: "popularity", title: "Popularity", content: [
    souk.element("p", {}, "Whether a policy sends everybody to the same few items, or "
      + "spreads attention wider than people do by themselves."),
    ...souk.choice({label: "Of all", options: metrics, initial: metrics[0],
                    name_of: metric => souk.title(metric).toLowerCase(), draw})]};
};
