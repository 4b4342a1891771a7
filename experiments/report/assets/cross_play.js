"use strict";

// Whether who wins depends on where the shoppers' tastes come from: policies by generators.
souk.cross_play = () => {
  const rows = souk.online({}).filter(row => souk.kind(row.group) === "generator");
  const generators = souk.unique(rows.map(row => souk.part(row.group)));
  const outcomes = rows.filter(row => row.metric !== "own_kind_advantage");
  if (generators.length < 2 || outcomes.length === 0) return null;
  const favourites = ["purchases_per_user", "revenue_per_user", "conversion",
                      "slate_click_rate", "expected_slate_value", "satisfaction"];
  const metrics = favourites.filter(metric => outcomes.some(row => row.metric === metric));
  if (metrics.length === 0) return null;
  const find = (metric, policy, generator) => rows.find(row => row.metric === metric
    && row.model === policy && souk.part(row.group) === generator);
  const own = (policy, generator) => find("own_kind_advantage", policy, generator);
  const percent = d3.format("+.1%");
  const advantage = row => `${percent(row.mean)}`
    + (souk.has_interval(row) ? ` (95% interval ${percent(row.low)} to ${percent(row.high)})` : "");

  const matrix = metric => souk.matrix_chart({title: `${souk.title(metric)} by generator`,
    note: rows.some(row => row.metric === "own_kind_advantage")
      ? "framed: the generator is of the policy's own kind" : "",
    rows: souk.unique(outcomes.map(row => row.model)).sort(souk.order),
    columns: generators, mean_over: "column", unit: "world",
    cell: (policy, generator) => find(metric, policy, generator),
    text: (row, ratio) => ratio === null ? souk.number(row.mean) : souk.change(ratio),
    marked: (policy, generator) => own(policy, generator)
      ? `favoured by its own kind: ${advantage(own(policy, generator))}` : ""});
  const told = rows.filter(row => row.metric === "own_kind_advantage")
    .map(row => `${row.model} with ${souk.part(row.group)} ${advantage(row)}`);
  return {id: "cross-play", title: "Cross-play", content: [
    souk.element("p", {}, "The same policies meet shoppers whose tastes come from different "
      + "models of people. A policy that leads under every generator leads for a reason "
      + "other than that the shoppers were made its way."),
    ...souk.choice({label: "Metric", options: metrics, initial: metrics[0],
                    name_of: souk.title, draw: matrix}),
    told.length > 0 ? souk.element("p", {}, "How much better policies do where shoppers are made "
      + "by their own kind than the policies of other kinds lead to expect, in shares of the mean "
      + `policy: ${told.join("; ")}.`) : null].filter(part => part)};
};
