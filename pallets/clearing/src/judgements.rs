//! What was found against members.
//!
//! It is paid at once from the reserve, then from what the bond has beyond what holders and creditors on lines would
//! need if the member ended; what is left makes it overdue, keeps it from drawing down, and is paid by whatever it has
//! later, the oldest first.

use crate::{pallet::*, types::*, weights::WeightInfo};
use frame_support::{
	ensure,
	storage::with_storage_layer,
	traits::{
		fungible::{Mutate, MutateHold},
		tokens::{Precision, Preservation},
		DefensiveOption, Get,
	},
	weights::{Weight, WeightMeter},
};
use hanse_primitives::{
	math::excess, InstitutionId, JudgementDebts, Liabilities, Members, Money, PartnerPauses, Reserves,
};
use sp_runtime::{
	traits::{EnsureAdd, EnsureAddAssign},
	DispatchError, DispatchResult, TokenError,
};

/// Debtors whose arrears one block reads at most.
const MAX_DEBTORS_PER_BLOCK: u32 = 4;

/// What a member has for what is found against it.
struct Means {
	reserve: Money,
	bond: Money,
}

impl<T: Config> Pallet<T> {
	/// What a member has for what is found against it: of its reserve what it could draw down, and of both what its
	/// creditors on lines and the holders of its points would not need if it ended now; the minimum reserve stays.
	fn means_of(id: InstitutionId) -> Result<Means, DispatchError> {
		let bond = Self::free_bond(id);
		if T::Members::ensure_payable(id).is_err() {
			return Ok(Means { reserve: Self::available(id, true), bond });
		}
		let (free, outstanding) = (<Self as Reserves>::free_reserve(id), T::Liabilities::outstanding(id));
		let unneeded = |free: Money| bond.ensure_add(free).map(|all| excess(all, outstanding));
		let beyond = excess(free, T::Liabilities::least_left(id).reserve);
		let reserve = Self::may_leave(id)?.max(unneeded(free)?.min(beyond));
		Ok(Means { reserve, bond: unneeded(excess(free, reserve))?.min(bond) })
	}

	/// Pay up to `value` of what was found against `debtor`, in one piece, since an account must have something
	/// to receive a little. Returns how much; `None`, and nothing has moved, if the account cannot receive it.
	fn pay_judgement(
		debtor: InstitutionId,
		creditor: &T::AccountId,
		value: Money,
	) -> Result<Option<Money>, DispatchError> {
		let paid = with_storage_layer(|| {
			let account = T::Members::account(debtor)?;
			let Means { reserve, bond } = Self::means_of(debtor)?;
			let reserve = reserve.min(value);
			if reserve > 0 {
				T::Currency::release(&HoldReason::Reserve.into(), &account, reserve, Precision::Exact)?;
				Self::count(debtor, |flows| &mut flows.judgements_paid, reserve)?;
			}
			let drawn = T::Members::draw_bond(debtor, &account, bond.min(excess(value, reserve)))?;
			let paid = reserve.ensure_add(drawn)?;
			if paid > 0 {
				T::Currency::transfer(&account, creditor, paid, Preservation::Expendable)?;
			}
			Ok(paid)
		});
		match paid {
			Err(DispatchError::Token(TokenError::BelowMinimum | TokenError::CannotCreate)) => Ok(None),
			paid => paid.map(Some),
		}
	}

	/// Write down what is left of what was found against `debtor`.
	fn record_arrears(debtor: InstitutionId, to: T::AccountId, left: Money) -> DispatchResult {
		let mut arrears = Arrears::<T>::get(debtor);
		arrears.last.ensure_add_assign(1)?;
		arrears.sum.ensure_add_assign(left)?;
		Judgements::<T>::insert(debtor, arrears.last.to_be_bytes(), Judgement { to, value: left });
		Arrears::<T>::insert(debtor, arrears);
		// An institution on its way out is beyond being late.
		if T::Members::ensure_payable(debtor).is_ok() && !Overdue::<T>::contains_key(debtor) {
			let since = CurrentCycle::<T>::get().index;
			Overdue::<T>::insert(debtor, OverdueState { since, ..Default::default() });
			T::PartnerPauses::pause(debtor)?;
		}
		Ok(())
	}

	/// Let what some debtors have by now pay what was found against them, each the oldest first.
	pub(crate) fn pay_arrears(meter: &mut WeightMeter) {
		if meter.try_consume(T::DbWeight::get().reads(2)).is_err() {
			return;
		}
		let before = ArrearsCursor::<T>::get();
		let mut last = before;
		for _ in 0..MAX_DEBTORS_PER_BLOCK {
			let mut debtors = match last {
				None => Arrears::<T>::iter_keys(),
				Some(id) => Arrears::<T>::iter_keys_from(Arrears::<T>::hashed_key_for(id)),
			};
			let Some(debtor) = debtors.next() else {
				last = None;
				break;
			};
			if meter.try_consume(T::WeightInfo::pay_arrears()).is_err() {
				break;
			}
			Self::attempt(Inconsistency::Arrears { debtor }, || Self::pay_oldest(debtor));
			last = Some(debtor);
		}
		if last != before {
			ArrearsCursor::<T>::set(last);
		}
	}

	fn pay_oldest(debtor: InstitutionId) -> DispatchResult {
		let oldest = Judgements::<T>::iter_prefix(debtor).next();
		let (number, Judgement { to, value }) = oldest.defensive_ok_or(Error::<T>::Inconsistent)?;
		let paid = Self::pay_judgement(debtor, &to, value)?;
		// What the account cannot receive is not owed.
		let gone = paid.unwrap_or(value);
		if gone == 0 {
			return Ok(());
		}
		match excess(value, gone) {
			0 => Judgements::<T>::remove(debtor, number),
			left => Judgements::<T>::insert(debtor, number, Judgement { to, value: left }),
		}
		let ArrearsOfDebtor { last, sum } = Arrears::<T>::get(debtor);
		let left = sum.checked_sub(gone).defensive_ok_or(Error::<T>::Inconsistent)?;
		match left {
			0 => Arrears::<T>::remove(debtor),
			_ => Arrears::<T>::insert(debtor, ArrearsOfDebtor { last, sum: left }),
		}
		Self::deposit_event(Event::ArrearsPaid { debtor, value: paid.unwrap_or(0), left });
		Ok(())
	}
}

impl<T: Config> JudgementDebts<T::AccountId> for Pallet<T> {
	fn owe_judgement(debtor: InstitutionId, creditor: &T::AccountId, value: Money) -> DispatchResult {
		if value == 0 {
			return Ok(());
		}
		T::Members::account(debtor)?;
		let Some(paid) = Self::pay_judgement(debtor, creditor, value)? else { return Ok(()) };
		let left = excess(value, paid);
		if left > 0 {
			Self::record_arrears(debtor, creditor.clone(), left)?;
		}
		let creditor = creditor.clone();
		Self::deposit_event(Event::JudgementOwed { debtor, creditor, value, left });
		Ok(())
	}

	fn owe_refund_by_judgement(
		debtor: InstitutionId,
		creditor: InstitutionId,
		value: Money,
	) -> DispatchResult {
		if Self::owes_nothing(debtor, creditor, value) {
			return Ok(());
		}
		let (payer, payee) = (T::Members::account(debtor)?, T::Members::party(creditor)?);
		let Allocation { set_off, line, money } =
			Self::allocate(debtor, creditor, payee.is_payable, value, false)?;
		Self::reduce_debt(creditor, debtor, set_off)?;
		let Means { reserve, bond } = Self::means_of(debtor)?;
		let reserve = reserve.min(money);
		let from_bond = excess(money, reserve);
		ensure!(bond >= from_bond, Error::<T>::ReserveTooSmall);
		if reserve > 0 {
			Self::pay(&payer, &payee.account, reserve)?;
		}
		if from_bond > 0 {
			Self::draw_bond(debtor, creditor, from_bond)?;
		}
		Self::deposit_event(Event::ObligationSettled { debtor, creditor, value, set_off, line });
		Self::record_refund(creditor, debtor, value)
	}

	fn weight(debtor: InstitutionId) -> Weight {
		match Overdue::<T>::contains_key(debtor) {
			true => Weight::zero(),
			false => T::WeightInfo::fall_overdue(),
		}
	}
}
