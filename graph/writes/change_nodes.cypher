// LABEL is a label of the ontology with unique ids. A property that is null in the changes goes.
UNWIND $rows AS row
MATCH (n:LABEL {id: row.id})
REMOVE n:$(row.gone)
SET n:$(row.labels)
SET n += row.changes
