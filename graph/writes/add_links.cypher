// The links between things that statements add up to: each row says by how much a link's counts change.
// Counting from the difference takes the same time however many statements a link already has.
CALL () {
  UNWIND $links.AFFILIATED_WITH AS row
  MATCH (a:Thing {id: row.start})
  MATCH (b:Thing {id: row.end})
  MERGE (a)-[r:AFFILIATED_WITH]->(b)
  SET r.statements = coalesce(r.statements, 0) + row.statements,
      r.documents = coalesce(r.documents, 0) + row.documents
}
CALL () {
  UNWIND $links.DELIVERS AS row
  MATCH (a:Thing {id: row.start})
  MATCH (b:Thing {id: row.end})
  MERGE (a)-[r:DELIVERS]->(b)
  SET r.statements = coalesce(r.statements, 0) + row.statements,
      r.documents = coalesce(r.documents, 0) + row.documents
}
CALL () {
  UNWIND $links.ADDRESSES AS row
  MATCH (a:Thing {id: row.start})
  MATCH (b:Thing {id: row.end})
  MERGE (a)-[r:ADDRESSES]->(b)
  SET r.statements = coalesce(r.statements, 0) + row.statements,
      r.documents = coalesce(r.documents, 0) + row.documents
}
CALL () {
  UNWIND $links.LEADS_TO AS row
  MATCH (a:Thing {id: row.start})
  MATCH (b:Thing {id: row.end})
  MERGE (a)-[r:LEADS_TO]->(b)
  SET r.statements = coalesce(r.statements, 0) + row.statements,
      r.documents = coalesce(r.documents, 0) + row.documents,
      r.increases = coalesce(r.increases, 0) + row.increases,
      r.decreases = coalesce(r.decreases, 0) + row.decreases,
      r.no_change = coalesce(r.no_change, 0) + row.no_change,
      r.mixed = coalesce(r.mixed, 0) + row.mixed
}
CALL () {
  UNWIND $links.LOCATED_IN AS row
  MATCH (a:Thing {id: row.start})
  MATCH (b:Thing {id: row.end})
  MERGE (a)-[r:LOCATED_IN]->(b)
  SET r.statements = coalesce(r.statements, 0) + row.statements,
      r.documents = coalesce(r.documents, 0) + row.documents
}
CALL () {
  UNWIND $links.CONTRIBUTED_TO AS row
  MATCH (a:Thing {id: row.start})
  MATCH (b:Thing {id: row.end})
  MERGE (a)-[r:CONTRIBUTED_TO]->(b)
  SET r.statements = coalesce(r.statements, 0) + row.statements,
      r.documents = coalesce(r.documents, 0) + row.documents,
      r.supports = coalesce(r.supports, 0) + row.supports,
      r.challenges = coalesce(r.challenges, 0) + row.challenges,
      r.discusses = coalesce(r.discusses, 0) + row.discusses
}
