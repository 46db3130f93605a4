//! Which shards a process takes and gives back. A pure rule, and each process applies it to itself.

/// A process, by the number of its row.
pub(super) type Process = i64;

/// What a process sees of the cluster.
pub(super) struct View {
    pub(super) me: Process,
    /// Those that are alive, this one among them, in the order of their numbers.
    pub(super) processes: Vec<Process>,
    /// Each shard's holder; `None` if its lease has ended or was given back.
    pub(super) holders: Vec<Option<Process>>,
}

/// What this process should do.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) take: Vec<u32>,
    pub(super) give: Vec<u32>,
}

impl View {
    /// How many shards this process should have: the same for all processes. If the shards cannot be divided
    /// evenly, the first processes have one more.
    fn share(&self) -> usize {
        let count = self.processes.len().max(1);
        let rank = self.processes.iter().position(|it| *it == self.me);
        let has_one_more = rank.is_some_and(|rank| rank < self.holders.len() % count);
        self.holders.len() / count + usize::from(has_one_more)
    }

    pub(super) fn plan(&self) -> Plan {
        let shards = |holder: Option<Process>| {
            let all = (0..).zip(&self.holders);
            all.filter(move |(_, it)| **it == holder)
                .map(|(shard, _)| shard)
        };
        let mine: Vec<u32> = shards(Some(self.me)).collect();
        let share = self.share();
        if mine.len() > share {
            return Plan {
                give: mine[share..].to_vec(),
                ..Plan::default()
            };
        }
        Plan {
            take: shards(None).take(share - mine.len()).collect(),
            ..Plan::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(me: Process, processes: &[Process], holders: &[Process]) -> Plan {
        let view = View {
            me,
            processes: processes.to_vec(),
            holders: holders
                .iter()
                .map(|it| Some(*it).filter(|it| *it != 0))
                .collect(),
        };
        view.plan()
    }

    fn take(shards: &[u32]) -> Plan {
        Plan {
            take: shards.to_vec(),
            give: Vec::new(),
        }
    }

    fn give(shards: &[u32]) -> Plan {
        Plan {
            take: Vec::new(),
            give: shards.to_vec(),
        }
    }

    #[test]
    fn a_process_takes_free_shards_up_to_its_share() {
        assert_eq!(plan(1, &[1], &[0, 0, 0, 0]), take(&[0, 1, 2, 3]));
        assert_eq!(plan(1, &[1, 2], &[0, 0, 0, 0]), take(&[0, 1]));
        assert_eq!(plan(2, &[1, 2], &[1, 1, 0, 0]), take(&[2, 3]));
        assert_eq!(plan(2, &[1, 2], &[1, 0, 2, 0]), take(&[1]));
        // The holder of the others is still there.
        assert_eq!(plan(2, &[1, 2], &[1, 1, 1, 1]), take(&[]));
        // A process that no longer reports itself still has valid leases.
        assert_eq!(plan(2, &[2], &[1, 1, 0, 0]), take(&[2, 3]));
    }

    #[test]
    fn a_process_gives_what_is_more_than_its_share() {
        assert_eq!(plan(1, &[1, 2], &[1, 1, 1, 1]), give(&[2, 3]));
        assert_eq!(plan(1, &[1, 2, 3], &[1, 1, 2, 2]), take(&[]));
        assert_eq!(plan(2, &[1, 2, 3], &[1, 1, 2, 2]), give(&[3]));
        // More processes than shards.
        assert_eq!(plan(3, &[1, 2, 3], &[1, 2]), take(&[]));
        assert_eq!(
            plan(7, &[1, 2], &[7, 0]),
            give(&[]),
            "it is not in the list yet"
        );
    }

    /// Whatever happened before, the shares are even after a few rounds, and nothing moves then.
    #[test]
    fn shares_become_even_and_stay_so() {
        for count in 1..=20_i64 {
            for shards in [1_usize, 4, 16, 17] {
                let processes: Vec<Process> = (1..=count).collect();
                let mut holders = vec![1; shards];
                for _ in 0..4 {
                    for me in &processes {
                        let plan = plan(*me, &processes, &holders);
                        for shard in plan.give {
                            holders[shard as usize] = 0;
                        }
                        for shard in plan.take {
                            holders[shard as usize] = *me;
                        }
                    }
                }
                let held = |me: &Process| holders.iter().filter(|it| *it == me).count();
                let most = processes.iter().map(held).max().unwrap();
                let least = processes.iter().map(held).min().unwrap();
                assert!(most - least <= 1, "{count} {shards}: {holders:?}");
                assert_eq!(most, shards.div_ceil(processes.len()));
                assert!(!holders.contains(&0));
            }
        }
    }
}
