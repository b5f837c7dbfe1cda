"""Which heading of a worksheet is which column of the tracker.

column_profile      the cells below a heading in kinds and counts, never in their own words
heading_similarity  how similar a heading is to a column's own heading and its aliases
cell_score          how well the cells below a heading fit a column
position_score      how well the order of the dates and of the headings fits
assignment          the pairs of headings and columns with the highest score in total
matches             all of these together: each heading with its column and how sure that is
"""
