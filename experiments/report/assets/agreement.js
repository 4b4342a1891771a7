"use strict";

// Whether simulated shoppers rank policies as people do who were held out.
souk.agreement = () => {
  const form = /^kendall_tau\((.+), (.+)\)$/;
  const taus = souk.means({stage: "online", model: "all"}).filter(row => form.test(row.metric))
    .map(row => {
      const [, online, offline] = form.exec(row.metric);
      return {row, online, offline, group: row.group};
    });
  const points = tau => souk.means({stage: "offline", metric: tau.offline, group: "all"})
    .map(x => ({name: x.model, x, y: souk.online({metric: tau.online, group: tau.group,
                                                  model: x.model})[0]}))
    .filter(point => point.y);
  // The order of two or three says nothing.
  const shown = taus.filter(tau => points(tau).length > 3);
  if (shown.length === 0) return null;
  const draw = tau => souk.scatter_chart({
    title: `${souk.title(tau.online)} against ${tau.offline}`,
    note: `Kendall's τ ${souk.number(tau.row.mean)}`
      + (souk.has_interval(tau.row) ? ` (95% interval ${souk.interval(tau.row)})` : "")
      + ` over ${souk.count(tau.row.n)} policies`
      + (tau.group === "all" ? "" : `, shoppers made by ${souk.part(tau.group)}`),
    points: points(tau), x_label: `${tau.offline} on held-out users`,
    y_label: `${souk.title(tau.online)}, simulated`});
  // One choice after the other: metrics times generators would be a wall of buttons.
  const metrics = souk.unique(shown.map(tau => tau.offline));
  const by_generator = metric => {
    const of_metric = shown.filter(tau => tau.offline === metric);
    // Where there are several generators, everybody means the shoppers of the first.
    const named = of_metric.filter(tau => tau.group !== "all");
    const options = named.length > 0 ? named : of_metric;
    return souk.choice({label: "Shoppers", options, initial: options[0], draw,
      name_of: tau => tau.group === "all" ? "all" : souk.part(tau.group)})
      .filter(part => part);
  };
  return {id: "agreement", title: "Agreement", content: [
    souk.element("p", {}, "A simulator is worth believing where it ranks policies as real "
      + "people do: each point is a policy, with 95% intervals both ways. Kendall's τ is 1 "
      + "where both rank alike, 0 where they know nothing of each other."),
    ...souk.choice({label: "Against", options: metrics, initial: souk.headline(metrics),
                    name_of: metric => metric, draw: by_generator})]};
};
