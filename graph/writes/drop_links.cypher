// The links that lost statements, where none is left.
CALL () {
  UNWIND $links.AFFILIATED_WITH AS row
  MATCH (:Thing {id: row.start})-[r:AFFILIATED_WITH]->(:Thing {id: row.end})
  WHERE r.statements = 0
  DELETE r
}
CALL () {
  UNWIND $links.DELIVERS AS row
  MATCH (:Thing {id: row.start})-[r:DELIVERS]->(:Thing {id: row.end})
  WHERE r.statements = 0
  DELETE r
}
CALL () {
  UNWIND $links.ADDRESSES AS row
  MATCH (:Thing {id: row.start})-[r:ADDRESSES]->(:Thing {id: row.end})
  WHERE r.statements = 0
  DELETE r
}
CALL () {
  UNWIND $links.LEADS_TO AS row
  MATCH (:Thing {id: row.start})-[r:LEADS_TO]->(:Thing {id: row.end})
  WHERE r.statements = 0
  DELETE r
}
CALL () {
  UNWIND $links.LOCATED_IN AS row
  MATCH (:Thing {id: row.start})-[r:LOCATED_IN]->(:Thing {id: row.end})
  WHERE r.statements = 0
  DELETE r
}
CALL () {
  UNWIND $links.CONTRIBUTED_TO AS row
  MATCH (:Thing {id: row.start})-[r:CONTRIBUTED_TO]->(:Thing {id: row.end})
  WHERE r.statements = 0
  DELETE r
}
