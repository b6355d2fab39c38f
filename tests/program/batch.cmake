# What ctest should know of the large batches beside what holds for every test of this folder: they keep both the client and the
# simulated service busy, and what they print (how many tenants, requests, seconds) is worth reading. So do the many small jobs of
# wire_trouble, and what is only slow must not meet its timeouts.
set_tests_properties(program.batch_faults program.kill_random program.wire_trouble PROPERTIES PROCESSORS 3 COST 100)

# These wait more than they work, and long: begun late, they would be waited for at the end.
set_tests_properties(program.contract_sign_in program.sign_in_real PROPERTIES COST 75)
