//! Who may spend, and what accounts hold.

use crate::{AssetId, InstitutionId, Moment, Money, MAX_SUCCESSIONS};
use sp_runtime::{DispatchError, DispatchResult};

/// Who may spend.
pub trait Customers<AccountId> {
	/// Count `value` micro-units against the limit of the person behind an account, and say when the window
	/// began in which it counts. Law: what the person spent in this window grows by `value`, or the call
	/// fails by name: a stranger, or over the limit.
	fn spend(account: &AccountId, value: Money) -> Result<Moment, DispatchError>;

	/// `value` micro-units that an account, or the one it was recovered from, spent in `window` came back.
	/// Law: if that window still runs, what the person spent in it falls by as much, at most to nothing;
	/// else nothing changes. It never fails. The caller sees to it that nothing comes back twice.
	fn restore_limit(account: &AccountId, value: Money, window: Moment);

	/// Fails by name unless the person behind an account is known for as long as exchanging takes.
	fn ensure_may_exchange(account: &AccountId) -> DispatchResult;

	/// Who got what an account had, after its key was lost; that one may have a successor too, but never
	/// among those before it.
	fn successor(account: &AccountId) -> Option<AccountId>;

	/// An account, or whoever has what it had. Law: no call of [`Self::successor`] leads further, since no
	/// line of successors is longer than [`MAX_SUCCESSIONS`].
	fn current_account(account: &AccountId) -> AccountId
	where
		AccountId: Clone,
	{
		let mut current_account = account.clone();
		for _ in 0..MAX_SUCCESSIONS {
			let Some(successor) = Self::successor(&current_account) else { break };
			current_account = successor;
		}
		current_account
	}

	/// The key of an account signed something that is no transaction of it, such as a slip. Law: an open
	/// recovery of the account is cancelled, as a transaction would cancel it; returns whether there was one. It never
	/// fails.
	fn note_signature(account: &AccountId) -> bool;
}

/// For a chain on which everybody may spend anything.
impl<AccountId> Customers<AccountId> for () {
	fn spend(_: &AccountId, _: Money) -> Result<Moment, DispatchError> {
		Ok(0)
	}

	fn restore_limit(_: &AccountId, _: Money, _: Moment) {}

	fn ensure_may_exchange(_: &AccountId) -> DispatchResult {
		Ok(())
	}

	fn successor(_: &AccountId) -> Option<AccountId> {
		None
	}

	fn note_signature(_: &AccountId) -> bool {
		false
	}
}

/// What may be sponsored for a registered person.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Quota {
	/// Who registered its account.
	pub registrar: InstitutionId,
	/// Sponsored calls that it has left today.
	pub left: u32,
}

/// What may be sponsored for a person.
pub trait Quotas<AccountId> {
	/// What the person of an account has left; `None` for strangers.
	fn quota(account: &AccountId) -> Option<Quota>;

	/// Whether the person of an account has `calls` sponsored calls left today; `None` for strangers.
	fn has_quota(account: &AccountId, calls: u32) -> Option<bool> {
		Self::quota(account).map(|quota| calls <= quota.left)
	}

	/// Count `calls` as sponsored today. Law: what the person has left falls by as many.
	fn use_quota(account: &AccountId, calls: u32);

	/// Whether an account can object to its recovery.
	fn may_object(account: &AccountId) -> bool;

	/// Whether an account can have deleted what is kept about it.
	fn may_forget(account: &AccountId) -> bool;
}

/// What accounts hold of vintages, with what is pending for them.
pub trait Holdings<AccountId> {
	/// What an account holds of a vintage, in settlement micro-units; zero if the vintage is not open.
	fn value(account: &AccountId, vintage: AssetId) -> Money;

	/// Move all that `from` holds of a vintage, and what is pending, to `to`, and say its value. Law:
	/// `value(to)` grows by what `value(from)` was, which is then zero.
	fn move_all(from: &AccountId, to: &AccountId, vintage: AssetId) -> Result<Money, DispatchError>;
}
