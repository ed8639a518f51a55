-- Every incident that waits for review has an end of its time now (I6). What was recorded before there was one gets
-- seven whole days from today in Shanghai: its time from the capture may be over, and nobody was told that it ran.
update incidents
  set review_due = (date_trunc('day', now() at time zone 'Asia/Shanghai') + interval '8 days') at time zone 'Asia/Shanghai'
  where incidents.state = 'review_pending' and incidents.review_due is null;

create index incidents_review_due on incidents (review_due) where state = 'review_pending';
