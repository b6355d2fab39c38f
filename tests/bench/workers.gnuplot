# data: workers, tenants/s of a server that answers at once, of one that takes 100 ms, peak memory in MiB
set terminal svg size 640,360 font 'sans-serif,12' background '#ffffff'
set logscale x 2
set logscale y 10
set xrange [1:256]
set xlabel 'workers'
set ylabel 'tenants per second'
set y2label 'peak memory, MiB'
set y2range [0:*]
set y2tics
set ytics nomirror
set key outside top center horizontal
plot data using 1:2 with linespoints title 'answers at once', \
     data using 1:3 with linespoints title 'answers after 100 ms', \
     data using 1:4 axes x1y2 with linespoints dashtype 2 title 'memory (right)'
