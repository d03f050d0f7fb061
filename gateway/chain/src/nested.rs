//! Calls within calls: what somebody wraps up to have it made for somebody else, or several at once.

use crate::{AccountId, hanse};
use hanse::runtime_types::{
	pallet_multisig::pallet::Call as Multisig, pallet_proxy::pallet::Call as Proxy,
	pallet_utility::pallet::Call as Utility,
};
use subxt::utils::MultiAddress;

/// A call with who makes it, and how deep it was wrapped up.
#[derive(Clone, Copy, Debug)]
pub struct Nested<'a> {
	pub call: &'a hanse::Call,
	/// In whose name: the signer's, until a proxy says another. `None` where several accounts or the chain act.
	pub by: Option<AccountId>,
	/// How many calls are around it.
	pub depth: usize,
	/// Its place in the innermost batch around it, from 0.
	pub place: usize,
}

/// `call` and all calls in it, each before those that it wraps, in the order in which they are made. Calls of which
/// only the hash is in the block, as in a multisig's first approval, are not there.
pub fn nested(call: &hanse::Call, signer: Option<AccountId>) -> impl Iterator<Item = Nested<'_>> {
	let mut open = vec![Nested { call, by: signer, depth: 0, place: 0 }];
	std::iter::from_fn(move || {
		let next = open.pop()?;
		let within = within(next);
		open.extend(within.into_iter().rev());
		Some(next)
	})
}

/// The calls that this one makes itself.
fn within(outer: Nested<'_>) -> Vec<Nested<'_>> {
	let Nested { call, by, depth, place } = outer;
	let inner = |call, by| vec![Nested { call, by, depth: depth + 1, place }];
	match call {
		hanse::Call::Proxy(Proxy::proxy { real, call, .. } | Proxy::proxy_announced { real, call, .. }) => {
			inner(call, account(real))
		},
		hanse::Call::Utility(
			Utility::batch { calls } | Utility::batch_all { calls } | Utility::force_batch { calls },
		) => {
			let places = calls.iter().enumerate();
			places.map(|(place, call)| Nested { call, by, depth: depth + 1, place }).collect()
		},
		hanse::Call::Utility(
			Utility::as_derivative { call, .. }
			| Utility::dispatch_as { call, .. }
			| Utility::dispatch_as_fallible { call, .. }
			| Utility::with_weight { call, .. },
		) => inner(call, None),
		hanse::Call::Utility(Utility::if_else { main, fallback }) => {
			[inner(main, by), inner(fallback, by)].concat()
		},
		hanse::Call::Multisig(
			Multisig::as_multi { call, .. } | Multisig::as_multi_threshold_1 { call, .. },
		) => inner(call, None),
		_ => Vec::new(),
	}
}

fn account(address: &MultiAddress<subxt::utils::AccountId32, ()>) -> Option<AccountId> {
	match address {
		MultiAddress::Id(account) => Some(AccountId(account.0)),
		_ => None,
	}
}
