"use strict";

// Puts the sections together that there is something to say in.
(() => {
  const sections = [souk.training(), souk.ranking(), souk.strangers(), souk.replay(), souk.shop(),
                    souk.popularity(), souk.newcomers(), souk.search(), souk.cross_play(),
                    souk.agreement(), souk.data_section(), souk.work_section(), souk.plan_section(),
                    souk.provenance(),
                    souk.configuration_section()].filter(section => section);
  const contents = document.getElementById("contents");
  const page = document.getElementById("content");
  const link = (id, title) => souk.element("a", {href: `#${id}`}, title);
  contents.append(link("summary", "Summary"));
  document.getElementById("summary").append(souk.at_a_glance());
  sections.forEach(({id, title, content}) => {
    contents.append(link(id, title));
    page.append(souk.element("section", {id, "aria-labelledby": `${id}-title`},
      souk.element("h2", {id: `${id}-title`}, title), content));
  });
})();
