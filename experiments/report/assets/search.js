"use strict";

// How policies serve sessions by what they are for, and searches by what they look for.
souk.search = () => {
  const of_kind = kind => souk.online({}).filter(row => souk.kind(row.group) === kind);
  const favourites = ["ndcg", "slate_click_rate", "purchases", "click_through_rate",
                      "expected_slate_value"];
  const metrics = rows => favourites.filter(metric => rows.some(row => row.metric === metric));
  const [intents, queries] = ["intent", "query"].map(of_kind);
  if (metrics(intents).length === 0 && metrics(queries).length === 0) return null;
  const policies = rows => souk.unique(rows.map(row => row.model)).sort(souk.order);

  const intent_charts = metric => {
    const shown = intents.filter(row => row.metric === metric);
    return souk.panels(...souk.unique(shown.map(row => row.group)).map(group =>
      souk.interval_chart({title: souk.part(group).replace(/_/g, " "), note: souk.title(metric),
        beside: shown, unit: "world", with_table: true,
        rows: shown.filter(row => row.group === group)
          .sort((a, b) => souk.order(a.model, b.model))})));
  };

  // What is searched most comes first; the table has what the drawing leaves out.
  const searched = new Map();
  queries.filter(row => row.metric === "slates").forEach(row =>
    searched.set(souk.part(row.group), (searched.get(souk.part(row.group)) || 0) + row.mean * row.n));
  const all = souk.unique(queries.map(row => souk.part(row.group)))
    .sort((a, b) => (searched.get(b) || 0) - (searched.get(a) || 0));
  const by_place = new Map(queries.map(row =>
    [[row.metric, souk.part(row.group), row.model].join("\n"), row]));
  // What hardly anybody searches for is known of few policies: nothing to compare.
  const columns = policies(queries);
  const known_of = (metric, query) => columns.filter(policy =>
    by_place.has([metric, query, policy].join("\n"))).length;
  const best = new Map(metrics(queries).map(metric => [metric, all.filter(query =>
    2 * known_of(metric, query) >= columns.length).slice(0, 12)]));
  const best_known = metric => best.get(metric) || [];
  const compact = value => d3.format(value >= 100 ? ",.0f" : value >= 10 ? ".1f" : ".2f")(value);
  const query_matrix = metric => souk.matrix_chart({
    title: `${souk.title(metric)} by what is searched for`,
    note: best_known(metric).length < all.length
      ? `the ${best_known(metric).length} of ${all.length} categories that are searched most`
      : "what is searched most comes first",
    rows: best_known(metric), table_rows: all, columns, mean_over: "row", unit: "world",
    cell: (query, policy) => by_place.get([metric, query, policy].join("\n")),
    text: row => compact(row.mean)});

  const block = (title, rows, draw) => metrics(rows).length === 0 ? []
    : [souk.element("h3", {}, title), ...souk.choice({label: "Metric", options: metrics(rows),
        initial: metrics(rows)[0], name_of: souk.title, draw})];
  return {id: "search", title: "Search", content: [
    souk.element("p", {}, "What sessions are for decides what a good slate is: somebody who "
      + "looks around, searches for something, or buys again."),
    ...block("By intent", intents, intent_charts),
    ...block("By query", queries.filter(row => best_known(row.metric).length > 0),
             query_matrix)].filter(part => part)};
};
