"use strict";

// How policies serve parts of the shop: newcomers of both kinds, and segments of users.
souk.newcomers = () => {
  const first = ["history", "item_age", "user"];
  const {kind, part} = souk;
  // What these divide has sections of its own.
  const elsewhere = ["day", "top", "intent", "query", "generator"];
  const rows = souk.online({})
    .filter(row => row.group.includes("=") && !elsewhere.includes(kind(row.group)));
  if (rows.length === 0) return null;
  const kinds = souk.unique(rows.map(row => kind(row.group)))
    .sort((a, b) => (first.indexOf(a) + 99) % 99 - (first.indexOf(b) + 99) % 99);
  const favourites = ["slate_click_rate", "expected_slate_value", "click_through_rate",
                      "purchases_per_user", "revenue_per_user", "conversion",
                      "satisfaction", "churn"];
  const start = text => text === "standing" ? Infinity : parseFloat(text);
  const in_order = (a, b) => Number.isNaN(start(a)) || start(a) === start(b)
    || Number.isNaN(start(b)) ? 0 : start(a) < start(b) ? -1 : 1;

  // Parts without an order stand side by side on one scale instead of on a line.
  const side_by_side = shown => souk.panels(...souk.unique(shown.map(row => row.group))
    .map(group => souk.interval_chart({title: part(group), beside: shown, unit: "world",
      with_table: true,
      note: souk.title(shown[0].metric),
      rows: shown.filter(row => row.group === group)
        .sort((a, b) => souk.order(a.model, b.model))})));

  // A part of a history begins where it says and ends where the next one begins.
  const range_of = places => place => {
    const next = places[places.indexOf(place) + 1];
    return next === undefined ? `${place}+`
      : next - place === 1 ? place : `${place}–${next - 1}`;
  };

  const curves = (of, shown, note) => {
    const places = souk.unique(shown.map(row => part(row.group))).sort(in_order);
    const policies = souk.unique(shown.map(row => row.model)).sort(souk.order);
    return souk.line_chart({title: souk.title(shown[0].metric), note, height: 260,
      with_legend: true,
      x_label: souk.subtitle(of) || of.replace(/_/g, " "), places,
      format_x: of === "history" ? range_of(places) : place => place,
      series: policies.map(policy => ({name: policy, points: shown
        .filter(row => row.model === policy)
        .sort((a, b) => in_order(part(a.group), part(b.group)))
        .map(row => ({x: part(row.group), y: row.mean, low: row.low, high: row.high}))}))});
  };

  // Who knows nobody's past still knows what is popular, with whom: newcomers' yardstick.
  const yardstick = ["segment_popularity", "popularity"].find(name =>
    rows.some(row => row.model === name));
  const less = value => value === null ? null : -value;
  const turned = row => Object.assign({}, row, {model: row.against, mean: less(row.mean),
                                                low: less(row.high), high: less(row.low)});
  const differences = (of, metric) => souk.select({stage: "online", metric})
    .filter(row => kind(row.group) === of
      && (row.model === yardstick ? row.against !== "" : row.against === yardstick))
    .map(row => row.model === yardstick ? turned(row) : row);

  const chart = (of, metric) => {
    const shown = rows.filter(row => kind(row.group) === of && row.metric === metric);
    if (!["history", "item_age"].includes(of)) return side_by_side(shown);
    const compared = differences(of, metric);
    const against = compared.length > 0;
    return souk.choice({label: "Shown", options: against ? ["means", "against"] : ["means"],
      initial: "means", name_of: what => what === "means" ? "means" : `less ${yardstick}`,
      draw: what => what === "means" ? curves(of, shown, souk.subtitle(metric))
        : curves(of, compared, `what each policy has more than ${yardstick} in the same `
            + "worlds; bands are paired 95% intervals")});
  };
  const block = of => {
    const metrics = souk.unique(rows.filter(row => kind(row.group) === of)
      .map(row => row.metric)).filter(metric => favourites.includes(metric))
      .sort((a, b) => favourites.indexOf(a) - favourites.indexOf(b));
    if (metrics.length === 0) return [];
    return [souk.element("h3", {}, souk.title(of)),
            ...souk.choice({label: "Metric", options: metrics, initial: metrics[0],
                            name_of: souk.title,
                            draw: metric => [chart(of, metric)].flat().filter(made => made)})];
  };
  const segments = kinds.filter(of => !first.includes(of));
  return {id: "newcomers", title: "Newcomers", content: [
    souk.element("p", {}, "How policies serve shoppers whom the shop hardly knows, and "
      + "items that have just been launched."),
    ...kinds.filter(of => first.includes(of)).flatMap(block),
    segments.length > 0 ? souk.details("Segments of users", ...segments.flatMap(block)
      .filter(made => made)) : null]};
};
