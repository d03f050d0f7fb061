//! Who supervises, what it asks and attests, and the log of it.

use crate::{pallet::*, types::*, MAX_REQUESTS};
use alloc::vec::Vec;
use frame_support::{
	defensive, ensure,
	traits::{Get, Time},
};
use hanse_primitives::{DeadlineClock, InstitutionId, Members, PointsLedger};
use sp_core::H256;
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_appoint_supervisor(supervisor: Supervisor<T::AccountId>) -> DispatchResult {
		let Supervisor { account, level, scope, until } = supervisor.clone();
		ensure!(T::Members::id_of(&account).is_none(), Error::<T>::IsMember);
		let now = T::Time::now();
		ensure!(now < until, Error::<T>::TermOver);
		match scope {
			Scope::All => {},
			Scope::Institution(id) => Self::ensure_exists(&Target::Institution(id))?,
			Scope::Program(id) => Self::ensure_exists(&Target::Program(id))?,
		}
		Supervisors::<T>::try_mutate(|supervisors| {
			supervisors.retain(|other| other.account != account && now < other.until);
			supervisors.try_push(supervisor)
		})
		.map_err(|_| Error::<T>::MaxSupervisorsExceeded)?;
		Self::deposit_event(Event::SupervisorAppointed { account, level, scope, until });
		Ok(())
	}

	pub(crate) fn do_dismiss_supervisor(account: T::AccountId) -> DispatchResult {
		Supervisors::<T>::try_mutate(|supervisors| {
			let place = supervisors.iter().position(|supervisor| supervisor.account == account);
			supervisors.remove(place.ok_or(Error::<T>::NotSupervisor)?);
			Ok::<_, Error<T>>(())
		})?;
		Self::deposit_event(Event::SupervisorDismissed { account });
		Ok(())
	}

	/// Fails by name unless a supervisor has a right at `level` on something that exists.
	pub(crate) fn ensure_may(who: &T::AccountId, level: Level, on: &TargetOf<T>) -> DispatchResult {
		let supervisors = Supervisors::<T>::get();
		let supervisor = supervisors.iter().find(|supervisor| supervisor.account == *who);
		let supervisor = supervisor.ok_or(Error::<T>::NotSupervisor)?;
		ensure!(T::Time::now() < supervisor.until, Error::<T>::TermOver);
		ensure!(supervisor.level >= level, Error::<T>::LevelTooLow);
		let is_in_scope = match (supervisor.scope, on) {
			(Scope::All, _) => true,
			(Scope::Institution(scope), Target::Institution(id)) => scope == *id,
			(Scope::Institution(scope), Target::Program(id)) => T::Points::issuer(*id)? == scope,
			(Scope::Program(scope), Target::Program(id)) => scope == *id,
			_ => false,
		};
		ensure!(is_in_scope, Error::<T>::OutOfScope);
		Self::ensure_exists(on)
	}

	/// Fails by the name that its own pallet has for it. Every account may come to be.
	fn ensure_exists(target: &TargetOf<T>) -> DispatchResult {
		match target {
			Target::Program(id) => T::Points::issuer(*id).map(drop),
			Target::Institution(id) => T::Members::account(*id).map(drop),
			Target::Customer(_) => Ok(()),
		}
	}

	pub(crate) fn do_request(by: T::AccountId, institution: InstitutionId, question: H256) -> DispatchResult {
		Self::ensure_may(&by, Level::Observe, &Target::Institution(institution))?;
		let open = OpenRequests::<T>::get(&by);
		ensure!(open < MAX_REQUESTS, Error::<T>::MaxRequestsExceeded);
		let request = LastRequestId::<T>::get().checked_add(1).ok_or(Error::<T>::MaxRequestsExceeded)?;
		let deadline = T::DeadlineClock::now().saturating_add(T::AnswerTime::get());

		LastRequestId::<T>::put(request);
		OpenRequests::<T>::insert(&by, open.saturating_add(1));
		DisclosureRequests::<T>::insert(
			request,
			DisclosureRequest { by: by.clone(), institution, question, deadline },
		);
		RequestDeadlines::<T>::insert(deadline.to_be_bytes(), request, ());
		Self::log_act(&by, SupervisorAct::DisclosureRequest { request, institution });
		let deadline = T::DeadlineClock::wall_time(deadline);
		Self::deposit_event(Event::DisclosureRequested { request, by, institution, question, deadline });
		Ok(())
	}

	pub(crate) fn do_disclose(
		institution: InstitutionId,
		request: RequestId,
		document: H256,
	) -> DispatchResult {
		let asked = DisclosureRequests::<T>::get(request).ok_or(Error::<T>::NotFound)?;
		ensure!(asked.institution == institution, Error::<T>::NotAsked);
		ensure!(T::DeadlineClock::now() < asked.deadline, Error::<T>::TooLate);
		RequestDeadlines::<T>::remove(asked.deadline.to_be_bytes(), request);
		Self::close(request, &asked);
		Self::deposit_event(Event::Disclosed { request, institution, document });
		Ok(())
	}

	/// A request, which is off the agenda, is not open any more.
	pub(crate) fn close(request: RequestId, asked: &DisclosureRequest<T::AccountId>) {
		DisclosureRequests::<T>::remove(request);
		OpenRequests::<T>::mutate_exists(&asked.by, |open| {
			*open = open.and_then(|open| open.checked_sub(1)).filter(|left| *left > 0);
		});
	}

	pub(crate) fn do_attest_finding(
		by: T::AccountId,
		institution: InstitutionId,
		finding: Finding,
		document: H256,
	) -> DispatchResult {
		Self::ensure_may(&by, Level::Attest, &Target::Institution(institution))?;
		let attestation = Attestation { by: by.clone(), at: T::Time::now(), finding, document };
		Attestations::<T>::mutate(institution, |attestations| {
			if attestations.is_full() {
				attestations.remove(0);
			}
			if attestations.try_push(attestation).is_err() {
				defensive!("there is no room for an attestation", institution);
			}
		});
		Self::log_act(&by, SupervisorAct::Attestation { institution, finding });
		Self::deposit_event(Event::FindingAttested { institution, by, finding, document });
		Ok(())
	}

	/// Count and log a use of a right.
	pub(crate) fn log_act(by: &T::AccountId, act: SupervisorAct<T::AccountId>) {
		ActCountsOf::<T>::mutate(by, |uses| uses.count(&act));
		ActLog::<T>::mutate(|log| {
			if log.is_full() {
				log.remove(0);
			}
			if log.try_push(LoggedAct { by: by.clone(), at: T::Time::now(), act }).is_err() {
				defensive!("there is no room in the log");
			}
		});
	}

	pub(crate) fn read_supervisors() -> Vec<Supervisor<T::AccountId>> {
		let now = T::Time::now();
		Supervisors::<T>::get().into_iter().filter(|supervisor| now < supervisor.until).collect()
	}
}
