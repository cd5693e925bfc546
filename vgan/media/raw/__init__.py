"""What takes files of strangers apart with libraries in C. It runs in a child process: see `vgan.media.guard`.

Nothing here imports more of the app than its errors and settings, so that the process it runs in starts quickly.
"""
