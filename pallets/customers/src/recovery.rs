//! Moving what a lost key held.

use crate::{pallet::*, types::*, MAX_PIECE, SUCCESSION_KEPT};
use alloc::vec::Vec;
use frame_support::{ensure, traits::Get};
use hanse_primitives::{
	AssetId, Balance, DeadlineClock, Halts, Holdings, InstitutionId, Members, Moment, MAX_SUCCESSIONS,
};
use sp_runtime::{
	traits::{EnsureAdd, EnsureAddAssign, EnsureSub},
	BoundedVec, DispatchError, DispatchResult,
};

type RecoveryOf<T> = Recovery<<T as frame_system::Config>::AccountId, <T as frame_system::Config>::Nonce>;

impl<T: Config> Pallet<T> {
	/// What the holder of a new account signs to get what a lost one had. Else a member could have a stranger's
	/// account registered, with whatever halts follow, by recovering an accomplice's to it.
	pub(crate) fn acceptance_of(
		institution: InstitutionId,
		old: &T::AccountId,
		new: &T::AccountId,
		until: Moment,
	) -> Vec<u8> {
		Self::payload(b"hanse/recover", (institution, old, new, until))
	}

	/// Fails by name unless `new` can take the place of `old`: nobody's, and not in anybody's place already, at
	/// the end of a line that is short enough to be followed.
	fn ensure_can_succeed(old: &T::AccountId, new: &T::AccountId) -> DispatchResult {
		Self::ensure_free(new)?;
		ensure!(!Predecessors::<T>::contains_key(new), Error::<T>::AlreadySuccessor);
		ensure!(Self::line_of(old) < MAX_SUCCESSIONS, Error::<T>::MaxSuccessionsExceeded);
		Ok(())
	}

	/// The number of accounts whose places an account took, one after the other.
	fn line_of(account: &T::AccountId) -> u32 {
		Predecessors::<T>::get(account).map(|predecessor| predecessor.line).unwrap_or_default()
	}

	pub(crate) fn do_open_recovery(
		institution: InstitutionId,
		old: T::AccountId,
		new: T::AccountId,
		vintages: &[AssetId],
		until: Moment,
		signature: &T::Signature,
	) -> DispatchResult {
		T::Members::ensure_active(institution)?;
		let registration = Self::registration(&old)?;
		ensure!(registration.registrar == institution, Error::<T>::NotRegistrar);
		ensure!(registration.may_recover, Error::<T>::NoConsent);
		Self::ensure_can_succeed(&old, &new)?;
		let acceptance = Self::acceptance_of(institution, &old, &new, until);
		Self::ensure_signed_by(&new, &acceptance, until, signature)?;

		match Self::cancel_stale_recovery(&old)? {
			Some(open) => {
				ensure!(open.new == new, Error::<T>::RecoveryOpen);
				Self::extend(old, open, vintages)
			},
			None => Self::open(institution, old, new, vintages),
		}
	}

	/// A recovery begins, of these vintages.
	fn open(
		institution: InstitutionId,
		old: T::AccountId,
		new: T::AccountId,
		vintages: &[AssetId],
	) -> DispatchResult {
		let nonce = frame_system::Pallet::<T>::account_nonce(&old);
		let delay = T::Rules::get().recovery_delay;
		let due = T::DeadlineClock::now().saturating_add(delay);
		let ends = due.saturating_add(delay);
		let items = BoundedVec::new();
		let mut recovery = Recovery { institution, new: new.clone(), nonce, due, ends, items, moved: None };
		Self::claim(&old, &mut recovery, vintages)?;
		let worth = recovery.worth()?;
		Self::sync_exposure(institution, None, Some(worth))?;
		Recoveries::<T>::insert(&old, recovery);
		let due = T::DeadlineClock::wall_time(due);
		Self::deposit_event(Event::RecoveryOpened { old, new, institution, due, worth });
		Ok(())
	}

	/// An open recovery names more vintages.
	fn extend(old: T::AccountId, mut recovery: RecoveryOf<T>, vintages: &[AssetId]) -> DispatchResult {
		let before = recovery.worth()?;
		Self::claim(&old, &mut recovery, vintages)?;
		let (vintages, worth) = (vintages.len() as u32, recovery.worth()?);
		Self::sync_exposure(recovery.institution, Some(before), Some(worth))?;
		Recoveries::<T>::insert(&old, recovery);
		Self::deposit_event(Event::RecoveryExtended { old, vintages, worth });
		Ok(())
	}

	/// Name `vintages` in a recovery, each with what `old` holds of it now.
	fn claim(old: &T::AccountId, recovery: &mut RecoveryOf<T>, vintages: &[AssetId]) -> DispatchResult {
		for vintage in vintages.iter().copied() {
			let is_named = recovery.items.iter().any(|claim| claim.vintage == vintage);
			ensure!(!is_named, Error::<T>::DuplicateVintage);
			let claim = RecoveryItem { vintage, value: T::Holdings::value(old, vintage) };
			recovery.items.try_push(claim).map_err(|_| Error::<T>::MaxVintagesExceeded)?;
		}
		Ok(())
	}

	pub(crate) fn do_complete_recovery(old: &T::AccountId) -> DispatchResult {
		let mut recovery = Recoveries::<T>::get(old).ok_or(Error::<T>::NoRecovery)?;
		let now = T::DeadlineClock::now();
		ensure!(now >= recovery.due, Error::<T>::TooEarly);
		if recovery.is_open() {
			if let Some(cause) = Self::stale(old, &recovery) {
				return Self::cancel(old, &recovery, cause);
			}
			// An error here would leave a record that nobody but the new account could clear.
			if Self::ensure_can_succeed(old, &recovery.new).is_err() {
				return Self::cancel(old, &recovery, Cancellation::NewRegistered);
			}
			Self::move_registration(old, &recovery.new)?;
		} else if now >= recovery.ends {
			return Self::end(old, &recovery);
		}
		ensure!(!recovery.is_complete(), Error::<T>::TooEarly);

		// With every piece, since a halt can come between two.
		T::Halts::copy_halt(old, &recovery.new);
		let before = recovery.worth()?;
		let (vintages, value) = Self::move_piece(old, &mut recovery)?;
		let worth = recovery.worth()?;
		Self::sync_exposure(recovery.institution, Some(before), Some(worth))?;
		recovery.ends = now.saturating_add(T::Rules::get().recovery_delay);
		let (new, is_complete) = (recovery.new.clone(), recovery.is_complete());
		Recoveries::<T>::insert(old, recovery);
		let old = old.clone();
		Self::deposit_event(Event::HoldingsMoved { old: old.clone(), new: new.clone(), vintages, value });
		if is_complete {
			Self::deposit_event(Event::Recovered { old, new, worth });
		}
		Ok(())
	}

	/// Move the next vintages; says how many and what they were worth.
	fn move_piece(old: &T::AccountId, recovery: &mut RecoveryOf<T>) -> Result<(u32, Balance), DispatchError> {
		let moved = recovery.moved.unwrap_or_default();
		let (mut vintages, mut value) = (0u32, Balance::default());
		for claim in recovery.items.iter_mut().skip(moved as usize).take(MAX_PIECE as usize) {
			// What expired meanwhile, or the old key moved by itself, must not hold up the rest.
			claim.value = match T::Holdings::value(old, claim.vintage) {
				0 => 0,
				_ => T::Holdings::move_all(old, &recovery.new, claim.vintage)?,
			};
			vintages = vintages.saturating_add(1);
			value.ensure_add_assign(claim.value)?;
		}
		recovery.moved = Some(moved.saturating_add(vintages));
		Ok((vintages, value))
	}

	/// The new account takes the place of the old one; nothing changes for the person. The consent does not
	/// move: the new key has agreed to nothing, and a member could otherwise recover a stranger's account
	/// by first recovering an accomplice's to it.
	fn move_registration(old: &T::AccountId, new: &T::AccountId) -> DispatchResult {
		let registration = Self::remove_registration(old).ok_or(Error::<T>::NotRegistered)?;
		let id = registration.person();
		if let Some(person) = Persons::<T>::get(id).filter(|_| FormerAccounts::<T>::contains_key(new, id)) {
			// It was a customer under the same tag before, and is one again.
			Self::forget_former(new, id, person);
		}
		AccountOf::<T>::insert(registration.tag, registration.registrar, new);
		Self::insert_registration(new, Registration { may_recover: false, ..registration });
		Successors::<T>::insert(old, new);
		let (line, since) = (Self::line_of(old).saturating_add(1), T::DeadlineClock::now());
		Predecessors::<T>::insert(new, Predecessor { account: old.clone(), line, since });
		Ok(())
	}

	/// The accounts whose places an account took, once nothing that was on its way to them can arrive any more;
	/// nothing of them before that.
	pub(crate) fn past_line(account: &T::AccountId) -> Vec<T::AccountId> {
		let (mut line, mut last) = (Vec::new(), account.clone());
		for _ in 0..MAX_SUCCESSIONS {
			let Some(Predecessor { account: old, since, .. }) = Predecessors::<T>::get(&last) else { break };
			let is_past = since.saturating_add(SUCCESSION_KEPT) <= T::DeadlineClock::now();
			if !is_past || Recoveries::<T>::contains_key(&old) {
				return Vec::new();
			}
			line.push(old.clone());
			last = old;
		}
		line
	}

	/// Nothing leads to an account any more from those whose places it took.
	pub(crate) fn forget_line(account: &T::AccountId) {
		let mut last = account.clone();
		for old in Self::past_line(account) {
			Predecessors::<T>::remove(&last);
			Successors::<T>::remove(&old);
			last = old;
		}
	}

	pub(crate) fn do_object_to_recovery(old: &T::AccountId) -> DispatchResult {
		let recovery = Self::require_unmoved_recovery(old)?;
		Self::cancel(old, &recovery, Cancellation::Objected)
	}

	pub(crate) fn do_withdraw_recovery(institution: InstitutionId, old: &T::AccountId) -> DispatchResult {
		let recovery = Self::require_unmoved_recovery(old)?;
		ensure!(recovery.institution == institution, Error::<T>::NotRegistrar);
		Self::cancel(old, &recovery, Cancellation::WithdrawnConsents)
	}

	fn require_unmoved_recovery(old: &T::AccountId) -> Result<RecoveryOf<T>, DispatchError> {
		let recovery = Recoveries::<T>::get(old).filter(|recovery| recovery.is_open());
		recovery.ok_or_else(|| Error::<T>::NoRecovery.into())
	}

	/// Why an open recovery can never move, if so. The account is there as long as it is registered, so its nonce
	/// tells whether its key signed.
	fn stale(old: &T::AccountId, recovery: &RecoveryOf<T>) -> Option<Cancellation> {
		if frame_system::Pallet::<T>::account_nonce(old) != recovery.nonce {
			return Some(Cancellation::Signed);
		}
		(T::DeadlineClock::now() >= recovery.ends).then_some(Cancellation::Lapsed)
	}

	/// The open recovery of a registered account; one that is stale is cancelled on the way.
	fn cancel_stale_recovery(old: &T::AccountId) -> Result<Option<RecoveryOf<T>>, DispatchError> {
		let Some(recovery) = Recoveries::<T>::get(old) else { return Ok(None) };
		match Self::stale(old, &recovery) {
			Some(cause) => Self::cancel(old, &recovery, cause).map(|()| None),
			None => Ok(Some(recovery)),
		}
	}

	pub(crate) fn cancel_stale_recovery_or_fail(account: &T::AccountId) -> DispatchResult {
		ensure!(Self::cancel_stale_recovery(account)?.is_none(), Error::<T>::RecoveryOpen);
		Ok(())
	}

	/// Give up a recovery of which nothing has moved.
	pub(crate) fn cancel(
		old: &T::AccountId,
		recovery: &RecoveryOf<T>,
		cause: Cancellation,
	) -> DispatchResult {
		let institution = recovery.institution;
		Self::drop_recovery(old, recovery)?;
		Self::deposit_event(Event::RecoveryCancelled { old: old.clone(), institution, cause });
		Ok(())
	}

	/// A recovery that has moved is over.
	fn end(old: &T::AccountId, recovery: &RecoveryOf<T>) -> DispatchResult {
		Self::drop_recovery(old, recovery)?;
		let (old, institution) = (old.clone(), recovery.institution);
		Self::deposit_event(Event::RecoveryEnded { old, institution });
		Ok(())
	}

	fn drop_recovery(old: &T::AccountId, recovery: &RecoveryOf<T>) -> DispatchResult {
		Recoveries::<T>::remove(old);
		Self::sync_exposure(recovery.institution, Some(recovery.worth()?), None)
	}

	/// A recovery of an institution was worth `before` and is worth `after`, where `None` is no recovery.
	/// What opens, grows or moves must fit under the bond; what ends never fails.
	fn sync_exposure(
		institution: InstitutionId,
		before: Option<Balance>,
		after: Option<Balance>,
	) -> DispatchResult {
		RecoveryExposures::<T>::try_mutate_exists(institution, |slot| {
			let RecoveryExposure { recoveries, worth } = slot.take().unwrap_or_default();
			let stake = RecoveryExposure {
				recoveries: recoveries
					.ensure_sub(before.is_some().into())?
					.ensure_add(after.is_some().into())?,
				worth: worth.ensure_sub(before.unwrap_or_default())?.ensure_add(after.unwrap_or_default())?,
			};
			let fits = after.is_none() || stake.worth <= T::Members::bond(institution);
			ensure!(fits, Error::<T>::OverBond);
			*slot = (stake.recoveries > 0).then_some(stake);
			Ok(())
		})
	}
}
