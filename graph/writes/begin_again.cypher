// The graph reflects no change of the records until all documents have been derived again.
MATCH (state:GraphState {id: 'state'})
SET state.sequence = 0, state.ontology_hash = coalesce($ontology_hash, state.ontology_hash)
