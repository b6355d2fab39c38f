# data: tenants; µs of CPU a tenant of a check that takes the list over, of one that knows it, of a report, of verify; MiB of the same
set terminal svg size 640,640 font 'sans-serif,12' background '#ffffff'
set logscale x 10
set format x '10^{%T}'
set xrange [1000:1000000]
set key outside top center horizontal
set multiplot layout 2,1
set ylabel 'µs of CPU per tenant'
set yrange [0:100]
plot data using 1:2 with linespoints title 'list taken over', \
     data using 1:3 with linespoints title 'list known', \
     data using 1:4 with linespoints title 'report, CSV', \
     data using 1:5 with linespoints title 'verify'
set xlabel 'tenants'
set ylabel 'peak memory, MiB'
plot data using 1:6 with linespoints notitle, data using 1:7 with linespoints notitle, \
     data using 1:8 with linespoints notitle, data using 1:9 with linespoints notitle
unset multiplot
