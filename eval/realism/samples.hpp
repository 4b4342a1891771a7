#pragma once

#include "eval/realism/distances.hpp"
#include "eval/realism/visits.hpp"

namespace souk::eval::realism {

// One function per statistic that is a sample of numbers; values stand by user.

/// Events of each session.
user_values session_lengths(const visit_log& log);

/// Days from the end of a session to the start of the next.
user_values session_gaps(const visit_log& log);

/// Hour of the day at which each session starts, 0 to 24.
user_values session_hours(const visit_log& log);

/// Weekday on which each session starts, 0 = Monday.
user_values session_weekdays(const visit_log& log);

/// Per event of either kind, 1 for `later` and 0 for `earlier`: the distance of two
/// such samples is that of the shares of `later` among both.
user_values
funnel_step(const visit_log& log, core::event_kind earlier, core::event_kind later);

/// Per user with two sessions: the share of events on items of earlier sessions, from
/// the second session on.
user_values repeat_shares(const visit_log& log);

/// Distinct items bought in each session in which something is bought.
user_values basket_sizes(const visit_log& log);

/// Days between the starts of a user's sessions with purchases.
user_values inter_purchase_days(const visit_log& log);

/// Events of each user.
user_values events_per_user(const visit_log& log);

/// Sessions of each user.
user_values sessions_per_user(const visit_log& log);

/// How many popularity tenths (see `popularity_tenths`) lie between events that follow
/// each other in a session at different times; downwards counts as positive.
user_values transition_steps(const visit_log& log);

} // namespace souk::eval::realism
