//! A block that is being made.

use super::state::Parent;
use crate::service::Hash;
use hanse_runtime::{
	authoring::BatchApi,
	opaque::{Block, UncheckedExtrinsic},
	Header, RuntimeApi,
};
use sp_api::{ApiExt, ApiRef, ConstructRuntimeApi, Core, ProofRecorder, TransactionOutcome};
use sp_block_builder::BlockBuilder;
use sp_blockchain::{ApplyExtrinsicFailed, Error};
use sp_consensus::Proposal;
use sp_core::traits::CallContext;
use sp_externalities::Extensions;
use sp_inherents::InherentData;
use sp_runtime::{
	traits::Header as _, transaction_validity::TransactionValidityError, Digest, ExtrinsicInclusionMode,
};

type Api = <RuntimeApi as ConstructRuntimeApi<Block, Parent>>::RuntimeApi;

/// Why a transaction is not in a block: what the runtime says, or nothing where it stopped at it.
pub type Refusal = Option<TransactionValidityError>;

/// A block with what was applied so far.
pub struct UnfinishedBlock<'a> {
	api: ApiRef<'a, Api>,
	state: &'a Parent,
	parent: Hash,
	mode: ExtrinsicInclusionMode,
	transactions: Vec<UncheckedExtrinsic>,
	size: usize,
}

impl<'a> UnfinishedBlock<'a> {
	/// With nothing in it.
	pub fn new(
		state: &'a Parent,
		parent: &Header,
		digest: Digest,
		extensions: Extensions,
	) -> Result<Self, Error> {
		let hash = parent.hash();
		let header = Header::new(parent.number() + 1, Default::default(), Default::default(), hash, digest);
		let mut api = RuntimeApi::construct_runtime_api(state);
		api.set_call_context(CallContext::Onchain { import: false });
		for extension in extensions.into_extensions() {
			api.register_extension(extension);
		}
		let mode = api.initialize_block(hash, &header)?;
		let size = codec::Encode::encoded_size(&header);
		Ok(Self { api, state, parent: hash, mode, transactions: Vec::new(), size })
	}

	/// Takes note of what is read from now on.
	pub fn record_proof(&mut self, recorder: ProofRecorder<Block>) {
		self.api.record_proof_with_recorder(recorder);
	}

	/// Whether transactions may be in it.
	pub fn mode(&self) -> ExtrinsicInclusionMode {
		self.mode
	}

	/// Bytes so far.
	pub fn size(&self) -> usize {
		self.size
	}

	/// Applies what the chain itself says in each block. Fails where that cannot be left out.
	pub fn take_inherents(&mut self, data: InherentData) -> Result<(), Error> {
		let parent = self.parent;
		let inherents = self.api.execute_in_transaction(|api| {
			TransactionOutcome::Rollback(api.inherent_extrinsics(parent, data))
		})?;
		for inherent in inherents {
			match self.apply_one(inherent) {
				Some(Some(error)) if error.was_mandatory() => {
					return Err(ApplyExtrinsicFailed::Validity(error).into());
				},
				Some(error) => log::warn!("an inherent is left out of the block: {error:?}"),
				None => (),
			}
		}
		Ok(())
	}

	/// Applies transactions, one after the other, and says of each why it is refused, if it is.
	pub fn apply(&mut self, transactions: Vec<UncheckedExtrinsic>) -> Vec<Option<Refusal>> {
		let parent = self.parent;
		let answers =
			self.api.execute_in_transaction(|api| match api.apply_extrinsics(parent, transactions.clone()) {
				Ok(answers) if answers.len() == transactions.len() => {
					TransactionOutcome::Commit(Some(answers))
				},
				_ => TransactionOutcome::Rollback(None),
			});
		let Some(answers) = answers else {
			// The runtime stopped at one of them. Which one is found one by one.
			return transactions.into_iter().map(|transaction| self.apply_one(transaction)).collect();
		};
		let mut refusals = Vec::with_capacity(answers.len());
		for (transaction, answer) in transactions.into_iter().zip(answers) {
			if answer.is_ok() {
				self.push(transaction);
			}
			refusals.push(answer.err().map(Some));
		}
		refusals
	}

	fn apply_one(&mut self, transaction: UncheckedExtrinsic) -> Option<Refusal> {
		let parent = self.parent;
		let refusal =
			self.api.execute_in_transaction(|api| match api.apply_extrinsic(parent, transaction.clone()) {
				Ok(Ok(_)) => TransactionOutcome::Commit(None),
				Ok(Err(error)) => TransactionOutcome::Rollback(Some(Some(error))),
				Err(error) => {
					log::warn!("the runtime stopped at a transaction: {error}");
					TransactionOutcome::Rollback(Some(None))
				},
			});
		if refusal.is_none() {
			self.push(transaction);
		}
		refusal
	}

	fn push(&mut self, transaction: UncheckedExtrinsic) {
		self.size += codec::Encode::encoded_size(&transaction);
		self.transactions.push(transaction);
	}

	/// Closes it.
	pub fn finish(self) -> Result<Proposal<Block>, Error> {
		let header = self.api.finalize_block(self.parent)?;
		let storage_changes =
			self.api.into_storage_changes(&*self.state.lock(), self.parent).map_err(Error::StorageChanges)?;
		Ok(Proposal { block: Block { header, extrinsics: self.transactions }, storage_changes })
	}
}
