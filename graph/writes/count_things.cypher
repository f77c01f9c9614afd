// The counts that a thing keeps: by look-ups of its degree, which take the same time however large they are, and
// for statements, which may name a thing twice, by the difference.
UNWIND $rows AS row
MATCH (t:Thing {id: row.id})
SET t.mentions = COUNT { (t)<-[:REFERS_TO]-() },
    t.documents = COUNT { (t)<-[:MENTIONS]-() },
    t.statements = coalesce(t.statements, 0) + row.statements,
    t.degree = COUNT { (t)-[:AFFILIATED_WITH]->() } + COUNT { (t)<-[:AFFILIATED_WITH]-() }
               + COUNT { (t)-[:DELIVERS]->() } + COUNT { (t)<-[:DELIVERS]-() }
               + COUNT { (t)-[:ADDRESSES]->() } + COUNT { (t)<-[:ADDRESSES]-() }
               + COUNT { (t)-[:LEADS_TO]->() } + COUNT { (t)<-[:LEADS_TO]-() }
               + COUNT { (t)-[:LOCATED_IN]->() } + COUNT { (t)<-[:LOCATED_IN]-() }
               + COUNT { (t)-[:CONTRIBUTED_TO]->() } + COUNT { (t)<-[:CONTRIBUTED_TO]-() }
