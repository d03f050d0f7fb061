//! The state that a block is made on.

use crate::{
	executor::Executor,
	service::{Backend, Client, Hash},
};
use hanse_runtime::opaque::Block;
use sc_client_api::{backend::TrieCacheContext, Backend as _};
use sc_executor::RuntimeVersion;
use sp_api::{ApiError, CallApiAt, CallApiAtParams};
use sp_blockchain::Error;
use sp_core::traits::CallContext;
use sp_externalities::Extensions;
use sp_state_machine::{
	backend::{AsTrieBackend, BackendRuntimeCode},
	StateMachine, TrieBackendBuilder,
};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

type State = <Backend as sc_client_api::Backend<Block>>::State;

/// The state of a block's parent, opened once for all calls of the runtime by which the block is made.
///
/// The SDK opens it for each of them, and each begins without what the one before has found in the trie, and hands over
/// what it has found to the cache that all of the node share. Here that is done when the block is made.
pub struct Parent {
	client: Arc<Client>,
	/// What runs the runtime of that state. `None` where the client may have to run another one.
	executor: Option<Executor>,
	state: Mutex<State>,
	backend: Arc<Backend>,
}

impl Parent {
	/// What a block needs of it is kept in the cache of the trie: the next one finds it there.
	pub fn open(
		client: &Arc<Client>,
		backend: &Arc<Backend>,
		executor: Option<Executor>,
		hash: Hash,
	) -> Result<Self, Error> {
		let state = Mutex::new(backend.state_at(hash, TrieCacheContext::Trusted)?);
		Ok(Self { client: client.clone(), executor, state, backend: backend.clone() })
	}

	/// The state. Nobody waits for it: a block is made by one thread.
	pub fn lock(&self) -> MutexGuard<'_, State> {
		self.state.lock().unwrap_or_else(PoisonError::into_inner)
	}
}

impl CallApiAt<Block> for Parent {
	type StateBackend = State;

	fn call_api_at(&self, params: CallApiAtParams<Block>) -> Result<Vec<u8>, ApiError> {
		let Some(executor) = &self.executor else { return self.client.call_api_at(params) };
		let state = &*self.lock();
		let (changes, extensions) =
			(&mut *params.overlayed_changes.borrow_mut(), &mut *params.extensions.borrow_mut());
		// Before anything is recorded: the code is no part of a proof.
		let code = BackendRuntimeCode::new(state, params.call_context.into());
		let code = code.runtime_code().map_err(Error::RuntimeCode)?;
		let (method, data, context) = (params.function, &params.arguments, params.call_context);
		let answer = match params.recorder {
			Some(recorder) => {
				let recording =
					TrieBackendBuilder::wrap(state.as_trie_backend()).with_recorder(recorder.clone()).build();
				let mut machine = StateMachine::new(
					&recording, changes, executor, method, data, extensions, &code, context,
				)
				.set_parent_hash(params.at);
				machine.execute()
			},
			None => StateMachine::new(state, changes, executor, method, data, extensions, &code, context)
				.set_parent_hash(params.at)
				.execute(),
		};
		Ok(answer.map_err(Error::from)?)
	}

	fn runtime_version_at(&self, at: Hash, context: CallContext) -> Result<RuntimeVersion, ApiError> {
		self.client.runtime_version_at(at, context)
	}

	fn state_at(&self, at: Hash) -> Result<State, ApiError> {
		Ok(self.backend.state_at(at, TrieCacheContext::Trusted)?)
	}

	fn initialize_extensions(&self, at: Hash, extensions: &mut Extensions) -> Result<(), ApiError> {
		self.client.initialize_extensions(at, extensions)
	}
}
